// A board and its access point, played by the clock.
//
// The board is the real supervisor and the real restart log; the access point and the radio are these few rules:
// an attempt takes 2 s to join and 1 s more for an address; one that cannot succeed ends after a while in the reason
// the script names; dropping the connection makes an ASSOC_LEAVE of one's own; a restart takes 2 s and keeps only the
// record; a ping that is not answered is given up after 3 s. Time moves in steps of 100 ms from any number, so that every script can be played across the wrap-around.
#pragma once

#include <cstdint>
#include <vector>

#include "../vedette_cam/src/core/restarts.h"
#include "../vedette_cam/src/core/supervisor.h"
#include "condition.h"

namespace vedette {

class World {
  public:
    static constexpr Millis kStep = 100;
    static constexpr Millis kJoin = 2 * kSecond;
    static constexpr Millis kAddress = 1 * kSecond;
    static constexpr Millis kBoot = 2 * kSecond;
    static constexpr Millis kPing = 3 * kSecond;

    explicit World(Millis now = 1000, Credentials credentials = Credentials::Proven);

    // The script.
    bool reachable = true;        // an attempt succeeds
    bool gives_address = true;    // DHCP answers
    bool answers_pings = true;
    bool passes_traffic = true;   // false: connected but dead
    bool events_arrive = true;    // false: the queue was full, every event is lost
    unsigned guests = 0;
    uint8_t refusal = 201;        // the reason an attempt fails with, when not reachable
    Millis refused_after = 2500;

    void run(Millis duration);
    bool run_until_online(Millis limit, Millis& took);  // false: not within the limit
    void kick(uint8_t reason);                          // the access point ends the connection
    void lose_address();                                // the lease is gone, the association stays
    void put(Credentials credentials) { m_supervisor.credentials_changed(m_now), m_credentials = credentials; }
    void traffic() { m_supervisor.traffic(m_now); }

    Millis now() const { return m_now; }
    Supervisor& supervisor() { return m_supervisor; }
    RestartLog log() { return RestartLog(m_record); }

    unsigned attempts = 0;
    unsigned drops = 0;
    unsigned restarts = 0;
    unsigned questions = 0;
    bool portal_open = false;
    Millis longest_without = 0;  // without Wi-Fi and without a restart

    bool works() const { return m_link == Link::Up && passes_traffic; }
    Condition condition() const;

  private:
    enum class Link : uint8_t { Off, Trying, Joined, Up };

    void step();
    bool boot();
    void radio();
    void ping();
    void act(Act what);
    void try_to_join();
    void fall(uint8_t reason);
    void restart();

    Millis m_now;
    Credentials m_credentials;
    RestartRecord m_record{};
    Supervisor m_supervisor;
    Link m_link = Link::Off;
    Millis m_link_since;
    Millis m_down_since;
    Millis m_boot_since;
    Stopwatch m_ping;  // runs while one is unanswered
    bool m_booting = false;
    bool m_own_leave = false;
};

}  // namespace vedette
