#include "caretaker.h"

#include <esp_ota_ops.h>
#include <esp_task_wdt.h>

#include "announce.h"
#include "lock.h"

// Arduino's core would mark a new firmware as good before setup(); core/ota_check.h says when. A weak C function there.
extern "C" bool verifyRollbackLater() { return true; }

namespace vedette {

namespace {

constexpr uint32_t kWatchdog = 60000;  // ms; longer than any sensor recovery
constexpr Millis kWifiFirst = 10 * kSecond;
constexpr Millis kAnswerFirst = 500;  // so that the answer to /reboot goes out

void start_watchdog() {
    esp_task_wdt_config_t config{};
    config.timeout_ms = kWatchdog;
    config.trigger_panic = true;
    if (esp_task_wdt_reconfigure(&config) != ESP_OK) {
        esp_task_wdt_init(&config);
    }
    esp_task_wdt_add(nullptr);
}

bool is_on_probation() {
    esp_ota_img_states_t state{};
    return esp_ota_get_state_partition(esp_ota_get_running_partition(), &state) == ESP_OK &&
           state == ESP_OTA_IMG_PENDING_VERIFY;
}

}  // namespace

void Caretaker::set_up() {
    Serial.begin(115200);
    m_app.lock = xSemaphoreCreateMutex();
    m_app.reset_reason = esp_reset_reason();
    name_board(m_app.name, sizeof(m_app.name));
    m_app.store.begin();
    m_app.network = m_app.store.network();
    m_app.store.token(m_app.token);
    m_app.ota.start(millis(), is_on_probation());
    m_link.begin();
    start_camera();
    if (!m_streamer.begin() || !start_web(m_web)) {
        Serial.println("no memory for the web server");
        if (m_app.ota.pending()) {
            esp_ota_mark_app_invalid_rollback_and_reboot();
        }
    }
    start_watchdog();
}

// When Wi-Fi stands, or after ten seconds without; at once where there is none to wait for.
void Caretaker::start_camera() {
    Stopwatch waited;
    waited.start(millis());
    do {
        m_link.tick(millis());
        delay(50);
    } while (m_app.network.name[0] != '\0' && !m_app.supervisor.online() && !waited.reached(millis(), kWifiFirst));
    m_app.settings.use_sensor(Sensor::Ov5640);  // the widest ranges: which sensor it is, nobody knows yet
    m_app.store.load(m_app.settings);
    const bool worked = m_app.camera.begin(m_app.settings);
    if (worked) {
        m_app.settings.use_sensor(m_app.camera.sensor());
    }
    m_app.sensor.started(worked);
}

void Caretaker::tick() {
    const Millis now = millis();
    m_link.tick(now);
    look_after_sensor(now);
    look_after_update(now);
    save_settings(now);
    restart_when_asked(now);
    feed_watchdog(now);
    delay(20);
}

void Caretaker::look_after_sensor(Millis now) {
    if (m_cycle_due) {
        if (m_app.camera.idle()) {
            power_cycle();
        }
        return;
    }
    SensorWatch::Act act = SensorWatch::Act::None;
    bool probe = false;
    {
        Lock lock(m_app.lock);
        act = m_app.sensor.next(now);
        probe = !m_app.slot.taken() && m_app.sensor.wants_probe(now) && !m_app.updating;
    }
    if (act == SensorWatch::Act::PowerCycle) {
        m_app.camera.close();
        m_cycle_due = true;
    } else if (act == SensorWatch::Act::Restart) {
        restart_for_sensor(now);
    } else if (probe) {
        probe_sensor();
    }
}

void Caretaker::power_cycle() {
    Settings wanted;
    {
        Lock lock(m_app.lock);
        wanted = m_app.settings;
    }
    const bool worked = m_app.camera.power_cycle(wanted);
    m_cycle_due = false;
    Lock lock(m_app.lock);
    m_app.sensor.restarted_sensor(millis(), worked);
    if (worked) {
        m_app.settings.use_sensor(m_app.camera.sensor());
    }
}

void Caretaker::restart_for_sensor(Millis now) {
    Lock lock(m_app.lock);
    if (m_app.restarts.allow(Cause::Sensor)) {
        ESP.restart();
    }
    m_app.sensor.restart_refused(now);
}

// Nobody looks: one frame now and then shows whether the sensor still works.
void Caretaker::probe_sensor() {
    camera_fb_t* frame = nullptr;
    const Camera::Taken taken = m_app.camera.take(frame);
    if (taken == Camera::Taken::Frame) {
        m_app.camera.give(frame);
    }
    note_taken(m_app, taken);
}

void Caretaker::look_after_update(Millis now) {
    OtaCheck::Act act = OtaCheck::Act::None;
    {
        Lock lock(m_app.lock);
        act = m_app.ota.next(now);
    }
    if (act == OtaCheck::Act::MarkValid) {
        esp_ota_mark_app_valid_cancel_rollback();
    } else if (act == OtaCheck::Act::RollBack) {
        esp_ota_mark_app_invalid_rollback_and_reboot();
    }
}

void Caretaker::save_settings(Millis now) {
    Settings settings;
    {
        Lock lock(m_app.lock);
        if (!m_app.saving.due(now)) {
            return;
        }
        settings = m_app.settings;
        m_app.saving.saved(now);
    }
    m_app.store.save(settings);
}

void Caretaker::restart_when_asked(Millis now) {
    if (m_app.restart_wanted && !m_restart_due.running()) {
        m_restart_due.start(now);
    }
    if (m_restart_due.reached(now, kAnswerFirst)) {
        restart_for(m_app.update_came ? Cause::Update : Cause::Request);
    }
}

void Caretaker::restart_for(Cause cause) {
    Settings settings;
    {
        Lock lock(m_app.lock);
        m_app.restarts.allow(cause);
        settings = m_app.settings;
    }
    m_app.store.save(settings);
    ESP.restart();
}

void Caretaker::feed_watchdog(Millis now) {
    bool is_alive = false;
    {
        Lock lock(m_app.lock);
        is_alive = m_app.slot.alive(now);
    }
    if (is_alive) {
        esp_task_wdt_reset();
    }
}

}  // namespace vedette
