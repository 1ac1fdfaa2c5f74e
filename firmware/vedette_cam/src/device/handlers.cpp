#include "handlers.h"

#include <WiFi.h>
#include <esp_timer.h>

#include "../core/reports.h"
#include "../core/request.h"
#include "lock.h"
#include "web.h"

namespace vedette {

namespace {

constexpr size_t kReport = 2048;

esp_err_t answer_silent(httpd_req_t* request, Camera::Taken taken) {
    const char* why = taken == Camera::Taken::Silent ? "the sensor gives no frames; it is being started again"
                                                     : "the sensor is being started again";
    return answer_error(request, "503 Service Unavailable", "sensor_silent", why);
}

void fill_wifi(App& app, HealthFacts& facts) {
    facts.online = app.supervisor.online();
    facts.rssi = facts.online ? WiFi.RSSI() : 0;
    facts.last_reason = app.supervisor.last_reason();
    facts.disconnects = app.supervisor.disconnects();
    facts.drops = app.supervisor.drops();
}

void fill_chip(const App& app, HealthFacts& facts) {
    facts.uptime_s = esp_timer_get_time() / 1000000;
    facts.reset_reason = app.reset_reason;
    facts.heap_free = ESP.getFreeHeap();
    facts.heap_least = ESP.getMinFreeHeap();
    facts.psram_free = ESP.getFreePsram();
#if CONFIG_IDF_TARGET_ESP32S3
    facts.temperature_c = static_cast<int>(temperatureRead());
    facts.temperature_known = true;  // the first ESP32's sensor is not calibrated
#endif
}

void fill_camera(App& app, HealthFacts& facts) {
    const Millis now = millis();
    facts.sensor_works = app.sensor.works();
    facts.frame_failures = app.sensor.failures();
    facts.power_cycles = app.sensor.power_cycles();
    facts.viewer = app.slot.viewer();
    facts.viewer_s = app.slot.held_for(now) / kSecond;
    facts.frames_sent = app.slot.frames_sent();
    facts.viewers_vanished = app.slot.viewers_vanished();
}

}  // namespace

esp_err_t on_status(httpd_req_t* request) {
    if (!check_token(request)) {
        return ESP_OK;
    }
    App& app = app_of(request);
    StatusFacts facts{};
    facts.name = app.name;
    facts.board = app.camera.board();
    facts.sensor = app.camera.sensor();
    facts.has_lamp = app.camera.has_lamp();
    facts.sensor_runs = app.camera.report(facts.values);
    char text[kReport];
    JsonOut json(text, sizeof(text));
    write_status(facts, json);
    return answer(request, "200 OK", json);
}

esp_err_t on_health(httpd_req_t* request) {
    if (!check_token(request)) {
        return ESP_OK;
    }
    App& app = app_of(request);
    HealthFacts facts{};
    fill_chip(app, facts);
    char text[kReport];
    JsonOut json(text, sizeof(text));
    {
        Lock lock(app.lock);
        fill_wifi(app, facts);
        fill_camera(app, facts);
        facts.restarts = &app.restarts;
        facts.update_pending = app.ota.pending();
        facts.settings_unsaved = app.saving.pending();
        write_health(facts, json);
    }
    return answer(request, "200 OK", json);
}

esp_err_t on_control(httpd_req_t* request) {
    if (!check_token(request)) {
        return ESP_OK;
    }
    App& app = app_of(request);
    char room[kQueryRoom];
    char name[24];
    char value[24];
    const char* query = query_of(request, room);
    if (query == nullptr || query_value(query, "var", name, sizeof(name)) != Found::Yes ||
        query_value(query, "val", value, sizeof(value)) != Found::Yes) {
        return answer_error(request, "404 Not Found", "parameter_missing", "say /control?var=NAME&val=VALUE");
    }
    Wish wish{};
    Refusal refusal = Refusal::None;
    {
        Lock lock(app.lock);
        refusal = app.settings.understand(name, value, wish);
    }
    if (refusal != Refusal::None) {
        char message[128];
        explain(refusal, app.camera.sensor(), name, message, sizeof(message));
        return answer_error(request, "500 Internal Server Error", "refused", message);  // 500: as CameraWebServer
    }
    switch (app.camera.apply(wish.var, wish.value)) {
        case Camera::Applied::NotNow:
            return answer_silent(request, Camera::Taken::Closed);
        case Camera::Applied::No:
            return answer_error(request, "500 Internal Server Error", "sensor_refused", "the sensor did not take it");
        case Camera::Applied::Yes:
            break;
    }
    {
        Lock lock(app.lock);
        app.settings.keep(wish);
        if (is_kept(wish.var)) {
            app.saving.changed(millis());
        }
    }
    return httpd_resp_send(request, nullptr, 0);
}

esp_err_t on_capture(httpd_req_t* request) {
    if (!check_token(request)) {
        return ESP_OK;
    }
    App& app = app_of(request);
    camera_fb_t* frame = nullptr;
    const Camera::Taken taken = app.camera.take(frame);
    note_taken(app, taken);
    if (taken != Camera::Taken::Frame) {
        return answer_silent(request, taken);
    }
    char timestamp[kTimestampRoom];
    write_timestamp(time_of(*frame), timestamp, sizeof(timestamp));
    httpd_resp_set_type(request, "image/jpeg");
    httpd_resp_set_hdr(request, "X-Timestamp", timestamp);
    httpd_resp_set_hdr(request, "Cache-Control", "no-store");
    const auto* bytes = reinterpret_cast<const char*>(frame->buf);
    const esp_err_t sent = httpd_resp_send(request, bytes, static_cast<ssize_t>(frame->len));
    app.camera.give(frame);
    return sent;
}

esp_err_t on_reboot(httpd_req_t* request) {
    if (!check_token(request)) {
        return ESP_OK;
    }
    app_of(request).restart_wanted = true;
    char text[64];
    JsonOut json(text, sizeof(text));
    json.open().flag("restarting", true).close();
    return answer(request, "200 OK", json);
}

// Who is refused is sent away (ESP_FAIL closes): a connection kept open would be one of only two on port 81.
esp_err_t on_stream(httpd_req_t* request) {
    httpd_resp_set_hdr(request, "Connection", "close");
    if (!check_token(request)) {
        return ESP_FAIL;
    }
    App& app = app_of(request);
    char peer[StreamSlot::kAddress];
    peer_of(request, peer, sizeof(peer));
    char text[256];
    JsonOut busy(text, sizeof(text));
    {
        Lock lock(app.lock);
        if (!app.slot.take(millis(), peer)) {
            write_busy(app.slot.viewer(), app.slot.held_for(millis()) / kSecond, busy);
        }
    }
    if (busy.length() > 0) {
        httpd_resp_set_hdr(request, "Retry-After", "10");
        answer(request, "503 Service Unavailable", busy);
        return ESP_FAIL;
    }
    if (app.updating || !static_cast<Web*>(request->user_ctx)->streamer.hand_over(request)) {
        {
            Lock lock(app.lock);
            app.slot.release();
        }
        answer_error(request, "503 Service Unavailable", "not_now", "an update is arriving, or memory is full");
        return ESP_FAIL;
    }
    return ESP_OK;
}

}  // namespace vedette
