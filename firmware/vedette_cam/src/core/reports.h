// What `/status` and `/health` answer.
//
// The law: `/status` has CameraWebServer's names, so that what reads that reads this, and says beside them who
// answers and the size as WxH. `/health` has what is needed to say in words why a camera was away. What is not known is
// null, never 0. Neither contains a secret.
#pragma once

#include <cstddef>
#include <cstdint>

#include "json_out.h"
#include "restarts.h"
#include "variables.h"

namespace vedette {

constexpr char kModel[] = "vedette_cam";
constexpr char kVersion[] = "0.1.0";

struct StatusFacts {
    const char* name;   // on the network, without .local
    const char* board;  // from the pin table
    Sensor sensor;
    bool sensor_runs;  // else nobody knows what it is set to
    int16_t values[kVars];  // as the sensor reports them; the lamp's in any case
    bool has_lamp;
};

struct HealthFacts {
    int64_t uptime_s;
    int reset_reason;  // esp_reset_reason_t
    const RestartLog* restarts;

    bool online;
    int rssi;  // dBm; only while online
    uint8_t last_reason;
    uint32_t disconnects;
    uint32_t drops;

    uint32_t heap_free;
    uint32_t heap_least;
    uint32_t psram_free;
    int temperature_c;
    bool temperature_known;

    bool sensor_works;
    uint32_t frame_failures;
    uint32_t power_cycles;

    const char* viewer;  // empty: nobody
    uint32_t viewer_s;
    uint32_t frames_sent;
    uint32_t viewers_vanished;

    bool update_pending;
    bool settings_unsaved;
};

// The name of an `esp_reset_reason_t` (esp-idf, components/esp_system/include/esp_system.h).
const char* reset_reason_name(int reason);

void write_status(const StatusFacts& facts, JsonOut& json);
void write_health(const HealthFacts& facts, JsonOut& json);

// An answer that is not 200: `{"error":{"code":…,"message":…}}`, as the server's own.
void write_error(const char* code, const char* message, JsonOut& json);

// Why the stream is refused: who has it, and for how long.
void write_busy(const char* viewer, uint32_t seconds, JsonOut& json);

}  // namespace vedette
