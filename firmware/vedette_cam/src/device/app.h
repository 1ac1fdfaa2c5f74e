// Everything there is once: built in vedette_cam.ino, passed to whoever needs it.
//
// The law: three tasks touch this. The web server's and the stream's take `lock` for what decides (the objects of
// core/); the loop owns the radio, the camera's power and the restart, and alone acts on what the deciding objects
// say.
#pragma once

#include <atomic>

#include "../core/ota_check.h"
#include "../core/restarts.h"
#include "../core/saving.h"
#include "../core/sensor_watch.h"
#include "../core/settings.h"
#include "../core/slot.h"
#include "../core/supervisor.h"
#include "../core/token.h"
#include "camera.h"
#include "store.h"

namespace vedette {

struct App {
    App(const Pins& pins, RestartRecord& record) : restarts(record), camera(pins) {}

    SemaphoreHandle_t lock = nullptr;

    // Under `lock`.
    Supervisor supervisor;
    StreamSlot slot;
    SensorWatch sensor;
    Settings settings;
    Saving saving;
    OtaCheck ota;
    RestartLog restarts;
    KnownNetwork network{};
    char token[kTokenRoom] = "";
    bool network_entered = false;  // by the set-up page, not yet taken over by the loop

    // With locks of their own, or fixed after set-up.
    Camera camera;
    Store store;  // the loop's alone, once it runs
    char name[24] = "";
    int reset_reason = 0;

    std::atomic<bool> restart_wanted{false};
    std::atomic<bool> update_came{false};  // the restart is for a new firmware
    std::atomic<bool> updating{false};
    std::atomic<bool> portal_open{false};
};

// What came of taking a frame, told to all who want to know.
void note_taken(App& app, Camera::Taken taken);

}  // namespace vedette
