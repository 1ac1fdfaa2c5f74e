// Keeps Espressif's CameraWebServer example on the network. Paste it beside CameraWebServer.ino; README.md has the lines to add.
//
// The law: what counts is an address, and how long there has been none. Not the status, which may say anything, and not
// the reason, after some of which the Arduino core never tries again.
// * The core's own reconnect stays on; it heals most losses within seconds.
// * 15 s without an address: radio off and on again (the `true` of `WiFi.disconnect(true)` matters, arduino-esp32#653).
//   The wait after it is 30 s, then 15 s again, and so on: a network that takes long to give an address needs the longer.
// * 3 min without an address: restart.
// * The event handler only notes the reason; whoever connects from inside it competes with the core.
#pragma once

#include <stdint.h>

// What decides. It knows no Arduino: time and state are handed in.
class StayConnected {
  public:
    enum Act { kNothing, kDropAndBegin, kRestart };

    static constexpr uint32_t kShortWait = 15000;  // ms
    static constexpr uint32_t kLongWait = 30000;
    static constexpr uint32_t kLastResort = 180000;

    void start(uint32_t now) {
        m_started = true;
        has_address(now);
    }

    // Ask each second. Before start() there is nothing to do.
    Act check(uint32_t now, bool address) {
        if (!m_started) {
            return kNothing;
        }
        if (address) {
            has_address(now);
            return kNothing;
        }
        // Only differences of two moments: millis() wraps around after 49.7 days.
        if (now - m_without_since >= kLastResort) {
            return kRestart;
        }
        if (now - m_tried_at < m_wait) {
            return kNothing;
        }
        m_tried_at = now;
        m_wait = m_wait == kShortWait ? kLongWait : kShortWait;
        return kDropAndBegin;
    }

  private:
    void has_address(uint32_t now) {
        m_without_since = now;
        m_tried_at = now;
        m_wait = kShortWait;
    }

    uint32_t m_without_since = 0;
    uint32_t m_tried_at = 0;
    uint32_t m_wait = kShortWait;
    bool m_started = false;
};

#ifdef ARDUINO

#include <Arduino.h>
#include <WiFi.h>

#if ESP_ARDUINO_VERSION_MAJOR < 3
#error "stay_connected.h needs esp32 by Espressif Systems 3.0 or newer (boards manager)"
#endif

static StayConnected stay_connected;
static volatile uint8_t stay_connected_reason = 0;

// Once, in setup(), right after WiFi.begin().
inline void startStayingConnected() {
    Network.onEvent([](arduino_event_t *event) {
        if (event->event_id == ARDUINO_EVENT_WIFI_STA_DISCONNECTED) {
            stay_connected_reason = event->event_info.wifi_sta_disconnected.reason;
        }
    });
    stay_connected.start(millis());
}

// Each second, from loop(), and from setup() while it waits for the network.
inline void stayConnected(const char *ssid, const char *password) {
    switch (stay_connected.check(millis(), WiFi.STA.hasIP())) {
        case StayConnected::kDropAndBegin:
            Serial.printf("No address, last disconnect reason %u: radio off and on\n", stay_connected_reason);
            WiFi.disconnect(true);
            WiFi.begin(ssid, password);
            break;
        case StayConnected::kRestart:
            Serial.printf("No address for 3 minutes, last disconnect reason %u: restart\n", stay_connected_reason);
            ESP.restart();
            break;
        case StayConnected::kNothing:
            break;
    }
}

#endif
