#include "reports.h"

#include <cstdio>

#include "reasons.h"

namespace vedette {

namespace {

constexpr const char* kResets[] = {
    "unknown",       "power_on",   "external", "software", "panic",    "interrupt_watchdog", "task_watchdog",
    "other_watchdog", "deep_sleep", "brownout", "sdio",     "usb",      "jtag",               "efuse",
    "power_glitch",  "cpu_lockup",
};
constexpr int kResetCount = sizeof(kResets) / sizeof(kResets[0]);
constexpr int kJpeg = 4;  // PIXFORMAT_JPEG of the driver's `pixformat_t`

void write_setting(const StatusFacts& facts, Var var, JsonOut& json) {
    const int16_t value = facts.values[static_cast<int>(var)];
    if (var == Var::LedIntensity) {
        json.number(var_name(var), facts.has_lamp ? value : -1);  // -1: as CameraWebServer says it
    } else if (facts.sensor_runs) {
        json.number(var_name(var), value);
    } else {
        json.null(var_name(var));
    }
}

void write_wifi(const HealthFacts& facts, JsonOut& json) {
    json.open("wifi");
    if (facts.online) {
        json.number("rssi_dbm", facts.rssi);
    } else {
        json.null("rssi_dbm");
    }
    json.number("disconnects", facts.disconnects).number("drops", facts.drops);
    if (facts.last_reason == 0) {
        json.null("last_disconnect");
    } else {
        const Reason reason = reason_for(facts.last_reason);
        json.open("last_disconnect").number("code", reason.code).text("name", reason.name);
        json.text("meaning", reason.meaning).close();
    }
    json.close();
}

void write_restarts(const RestartLog& log, JsonOut& json) {
    json.open("restarts").number("total", log.total()).text("last_cause", log.last_cause());
    for (unsigned index = 0; index < kCauses; ++index) {
        const Cause cause = static_cast<Cause>(index);
        json.number(cause_name(cause), log.count(cause));
    }
    json.number("wifi_in_row", log.wifi_in_row()).number("sensor_in_row", log.sensor_in_row()).close();
}

void write_memory(const HealthFacts& facts, JsonOut& json) {
    json.open("memory").number("heap_free", facts.heap_free).number("heap_least", facts.heap_least);
    json.number("psram_free", facts.psram_free).close();
}

void write_stream(const HealthFacts& facts, JsonOut& json) {
    const bool is_taken = facts.viewer[0] != '\0';
    json.open("stream").text("viewer", is_taken ? facts.viewer : nullptr);
    if (is_taken) {
        json.number("viewer_s", facts.viewer_s);
    } else {
        json.null("viewer_s");
    }
    json.number("frames_sent", facts.frames_sent).number("viewers_vanished", facts.viewers_vanished).close();
}

}  // namespace

const char* reset_reason_name(int reason) {
    return reason >= 0 && reason < kResetCount ? kResets[reason] : kResets[0];
}

void write_status(const StatusFacts& facts, JsonOut& json) {
    char size[12];
    write_size(size_at(facts.values[static_cast<int>(Var::Framesize)]), size, sizeof(size));
    // One that has not answered since boot is not of any kind yet; one that did stays what it was.
    const bool is_known = facts.sensor_runs || facts.sensor != Sensor::Other;
    json.open().text("firmware", kModel).text("version", kVersion).text("name", facts.name).text("board", facts.board);
    json.text("sensor", is_known ? sensor_name(facts.sensor) : nullptr);
    json.text("resolution", facts.sensor_runs ? size : nullptr);
    json.number("pixformat", kJpeg);
    for (int index = 0; index < kVars; ++index) {
        write_setting(facts, static_cast<Var>(index), json);
    }
    json.close();
}

void write_health(const HealthFacts& facts, JsonOut& json) {
    json.open().text("firmware", kModel).text("version", kVersion).number("uptime_s", facts.uptime_s);
    json.text("reset_reason", reset_reason_name(facts.reset_reason));
    write_restarts(*facts.restarts, json);
    write_wifi(facts, json);
    write_memory(facts, json);
    if (facts.temperature_known) {
        json.number("temperature_c", facts.temperature_c);
    } else {
        json.null("temperature_c");
    }
    json.open("sensor").flag("works", facts.sensor_works).number("frame_failures", facts.frame_failures);
    json.number("power_cycles", facts.power_cycles).close();
    write_stream(facts, json);
    json.flag("update_pending", facts.update_pending).flag("settings_unsaved", facts.settings_unsaved).close();
}

void write_error(const char* code, const char* message, JsonOut& json) {
    json.open().open("error").text("code", code).text("message", message).close().close();
}

void write_busy(const char* viewer, uint32_t seconds, JsonOut& json) {
    char message[128];
    snprintf(message, sizeof(message), "%s has been streaming for %lu s; this board serves one viewer at a time",
             viewer, static_cast<unsigned long>(seconds));
    write_error("slot_busy", message, json);
}

}  // namespace vedette
