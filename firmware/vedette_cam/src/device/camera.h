// The sensor and its driver.
//
// The law: frames are taken and given back by whoever sends them; the driver is stopped only when nobody holds one.
// Started at the largest size the sensor has, because the driver's buffers are made for that size (width * height / 5
// bytes) and a larger frame later would not fit (esp32-camera#514, esp32-cam-webserver#290).
#pragma once

#include <Arduino.h>
#include <esp_camera.h>

#include "../core/multipart.h"
#include "../core/settings.h"
#include "pins.h"

namespace vedette {

class Camera {
  public:
    enum class Taken : uint8_t { Frame, Silent, Closed };

    explicit Camera(const Pins& pins) : m_pins(pins) {}

    // False when the sensor did not answer. `wanted` is applied when it did.
    bool begin(const Settings& wanted);

    // A frame not older than a second; waits for the driver, at most about 4 s. Silent: it gave none.
    Taken take(camera_fb_t*& frame);
    void give(camera_fb_t* frame);

    // No new frames from here on. When the last one was given back, power_cycle() may follow.
    void close();
    bool idle();
    bool power_cycle(const Settings& wanted);  // opens again; false when the sensor did not answer

    Sensor sensor() const { return m_sensor; }
    enum class Applied { Yes, No, NotNow };  // NotNow: the sensor does not run; ask again
    Applied apply(Var var, int value);
    bool report(int16_t values[kVars]);  // false while the sensor does not run: then the lamp's alone
    bool has_lamp() const { return m_pins.lamp >= 0; }
    const char* board() const { return m_pins.name; }

  private:
    bool enter();  // false while closed; leave() after
    void leave();
    bool start(const Settings& wanted);
    bool write(Var var, int value);
    bool light(int brightness);

    Pins m_pins;
    SemaphoreHandle_t m_mutex = nullptr;
    Sensor m_sensor = Sensor::Other;
    int16_t m_lamp = 0;
    unsigned m_inside = 0;  // tasks that use the driver: wait for a frame, hold one, or set something
    bool m_closed = true;
    bool m_started = false;
};

BootTime time_of(const camera_fb_t& frame);

}  // namespace vedette
