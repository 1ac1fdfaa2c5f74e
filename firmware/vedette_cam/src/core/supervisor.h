// Keeps the board on its Wi-Fi network: what happened goes in, what to do comes out.
//
// The law:
// * Nothing here calls the radio. Handlers report, `next()` answers, the sketch acts: connecting from inside an event
//   handler is what the Arduino core's own reconnect gets wrong.
// * Every disconnect reason has a remedy (reasons.h). 15 s without progress: radio off and on again
//   (`WiFi.disconnect(true)` then `begin`; the `true` matters, arduino-esp32#653). 3 min without a working
//   connection: restart.
// * The one exception to the 3 minutes is a person at the set-up page, who gets 15; and a board without credentials
//   has nothing to connect to, and waits at its set-up page.
// * A restart is asked for at most once in 3 minutes, because that long must pass after each boot.
// * A wrong password never ends the attempts: the reason is often spurious. After 5 the set-up page opens beside them.
//   It also opens after a minute with a network that this board has never reached: its name may be mistyped.
#pragma once

#include <cstdint>

#include "clock.h"
#include "gateway.h"
#include "reasons.h"

namespace vedette {

enum class Act : uint8_t { None, Begin, DropAndBegin, AskGateway, OpenPortal, ClosePortal, Restart };

struct Patience {
    Millis without_progress = 15 * kSecond;
    Millis without_progress_with_guest = 60 * kSecond;  // each attempt takes the set-up network's channel away
    Millis without_connection = 3 * kMinute;
    Millis without_connection_with_guest = 15 * kMinute;
    Millis unproven = 1 * kMinute;
    uint8_t password_tries = 5;
};

enum class Credentials : uint8_t {
    None,
    Untried,  // this board has never had an address with them
    Proven,
};

class Supervisor {
  public:
    explicit Supervisor(const Patience& patience = Patience{}) : m_patience(patience) {}

    // Once after boot. `portal_open`: it was, before the restart.
    void start(Millis now, Credentials credentials, bool portal_open);

    // What the network reports.
    void associated(Millis now);
    void got_address(Millis now);
    void lost_address(Millis now);
    void disconnected(Millis now, uint8_t reason);
    void gateway_answered(Millis now);
    void gateway_silent(Millis now);
    void traffic(Millis now);

    // What the interface says now. Events can be lost when their queue is full; this cannot.
    void address_is(Millis now, bool present);

    // How many are joined to the set-up network.
    void portal_guests(unsigned count) { m_guest = count > 0; }

    // Somebody entered a network and its password.
    void credentials_changed(Millis now);

    // What to do next. Ask until it says None; then again within a second.
    Act next(Millis now);

    bool online() const { return m_online; }
    Credentials credentials() const { return m_credentials; }
    bool portal_open() const { return m_portal_open; }
    uint8_t last_reason() const { return m_last_reason; }  // 0: never disconnected
    uint32_t disconnects() const { return m_disconnects; }
    uint32_t drops() const { return m_drops; }

  private:
    void go_offline(Millis now);
    void plan(Millis now, Act attempt, Millis pause);
    Act portal_act(Millis now);
    Act offline_act(Millis now);
    Act online_act(Millis now);
    Act drop(Millis now);
    bool own_leave(Millis now, uint8_t reason);
    bool given_up(Millis now);

    Patience m_patience;
    GatewayCheck m_gateway;
    Stopwatch m_down;      // without a connection that works
    Stopwatch m_progress;  // since the last drop or the last step towards an address
    Stopwatch m_planned;   // runs while an attempt is planned
    Stopwatch m_dropped;   // since this board itself left
    Millis m_pause = 0;
    Act m_attempt = Act::Begin;
    Credentials m_credentials = Credentials::None;
    bool m_online = false;
    bool m_leaving = false;  // for another network; the address still there is the old one's
    bool m_joined = false;   // associated since the last drop: its 15 s are given once
    bool m_guest = false;
    bool m_portal_open = false;
    bool m_portal_wanted = false;
    uint8_t m_password_failures = 0;
    uint8_t m_last_reason = 0;
    uint32_t m_disconnects = 0;
    uint32_t m_drops = 0;
};

}  // namespace vedette
