// A board with Espressif's example, its Arduino core and an access point, played by the clock.
//
// The core is these rules of arduino-esp32 3.x, libraries/WiFi/src/STA.cpp (`_onStaArduinoEvent`,
// `_is_staReconnectableReason`): what the status says after each reason, which reasons it tries again after, that the
// first loss since boot gets one attempt whatever the reason, and that it never does after ASSOC_LEAVE. The sketch is
// one of three: the example as it is, the five-minute check, or the header of espressif_example/.
#pragma once

#include <cstdint>

#include "../espressif_example/stay_connected.h"
#include "condition.h"

enum class Sketch : uint8_t { AsItIs, FiveMinutes, Patched };

class ExampleBoard {
  public:
    static constexpr uint32_t kSecond = 1000;
    static constexpr uint32_t kMinute = 60 * kSecond;
    static constexpr uint32_t kStep = 500;
    static constexpr uint32_t kJoin = 2 * kSecond;
    static constexpr uint32_t kBoot = 2 * kSecond;

    explicit ExampleBoard(Sketch sketch, uint32_t now = 1000);

    // The script.
    bool accepts = true;                  // an attempt succeeds
    bool gives_address = true;            // DHCP answers
    bool passes_traffic = true;           // false: connected but dead
    uint8_t refusal = 201;                // the reason an attempt fails with, when not accepted
    uint32_t address_after = 1 * kSecond;

    void run(uint32_t duration);
    void lose(uint8_t reason);            // the connection ends
    void lose_address();                  // the lease is gone, the association stays
    void boot();

    bool works() const { return m_link == Link::Up && passes_traffic; }
    bool in_setup() const { return m_in_setup; }
    Condition condition() const;

    uint32_t without = 0;          // ms in all
    uint32_t longest_without = 0;  // ms in one piece and without a restart
    unsigned attempts = 0;
    unsigned begins_by_check = 0;
    unsigned drops = 0;
    unsigned restarts = 0;

  private:
    enum class Link : uint8_t { Off, Trying, Joined, Up };
    enum class Status : uint8_t { Idle, NoSsid, Connected, ConnectFailed, ConnectionLost, Disconnected };

    void step();
    void radio();
    void sketch();
    void disconnected(uint8_t given);
    void connect();
    void go(Link link);

    Sketch m_sketch;
    StayConnected m_patch;
    uint32_t m_now;
    uint32_t m_link_since;
    uint32_t m_booting_since;
    uint32_t m_checked_at;
    uint32_t m_piece = 0;
    Link m_link = Link::Off;
    Status m_status = Status::Disconnected;
    bool m_booting = false;
    bool m_in_setup = true;       // in the example's loop that waits for WL_CONNECTED
    bool m_first_connect = true;  // the core's name: no disconnect event since boot
};
