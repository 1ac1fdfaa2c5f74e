#include "world.h"

namespace vedette {

World::World(Millis now, Credentials credentials)
    : m_now(now), m_credentials(credentials), m_link_since(now), m_down_since(now), m_boot_since(now) {
    RestartLog fresh(m_record);
    m_supervisor.start(now, credentials, fresh.portal_was_open());
}

void World::run(Millis duration) {
    for (Millis passed = 0; passed < duration; passed += kStep) {
        step();
    }
}

bool World::run_until_online(Millis limit, Millis& took) {
    for (took = 0; took <= limit; took += kStep) {
        if (m_supervisor.online() && works()) {
            return true;
        }
        step();
    }
    return false;
}

void World::kick(uint8_t reason) { fall(reason); }

void World::lose_address() {
    if (m_link != Link::Up) {
        return;
    }
    m_link = Link::Joined;
    m_link_since = m_now;
    if (events_arrive) {
        m_supervisor.lost_address(m_now);
    }
}

Condition World::condition() const {
    if (m_booting) {
        return Condition::Rebooting;
    }
    switch (m_link) {
        case Link::Off:
            return Condition::Waiting;
        case Link::Trying:
            return Condition::Joining;
        case Link::Joined:
            return Condition::NoAddress;
        case Link::Up:
            break;
    }
    return passes_traffic ? Condition::Up : Condition::Dead;
}

void World::step() {
    m_now += kStep;
    if (m_booting && !boot()) {
        return;
    }
    radio();
    ping();
    m_supervisor.address_is(m_now, m_link == Link::Up);
    m_supervisor.portal_guests(guests);
    for (Act what = m_supervisor.next(m_now); what != Act::None && !m_booting; what = m_supervisor.next(m_now)) {
        act(what);
    }
    const Millis without = m_now - m_down_since;
    longest_without = without > longest_without ? without : longest_without;
    if (works()) {
        m_down_since = m_now;
    }
}

bool World::boot() {
    if (m_now - m_boot_since < kBoot) {
        return false;
    }
    m_booting = false;
    m_supervisor = Supervisor();
    m_supervisor.start(m_now, m_credentials, log().portal_was_open());
    return true;
}

void World::radio() {
    if (m_own_leave) {
        m_own_leave = false;
        if (events_arrive) {
            m_supervisor.disconnected(m_now, 8);
        }
    }
    const Millis so_far = m_now - m_link_since;
    if (m_link == Link::Trying && reachable && so_far >= kJoin) {
        m_link = Link::Joined;
        m_link_since = m_now;
        if (events_arrive) {
            m_supervisor.associated(m_now);
        }
    } else if (m_link == Link::Trying && !reachable && so_far >= refused_after) {
        fall(refusal);
    } else if (m_link == Link::Joined && gives_address && so_far >= kAddress) {
        m_link = Link::Up;
        if (events_arrive) {
            m_supervisor.got_address(m_now);
            m_credentials = Credentials::Proven;
            log().wifi_worked();
        }
    }
}

void World::ping() {
    if (m_ping.reached(m_now, kPing)) {
        m_ping.stop();
        m_supervisor.gateway_silent(m_now);
    }
}

void World::act(Act what) {
    switch (what) {
        case Act::Begin:
            try_to_join();
            break;
        case Act::DropAndBegin:
            ++drops;
            m_own_leave = m_link != Link::Off;
            m_link = Link::Off;
            try_to_join();
            break;
        case Act::AskGateway:
            ++questions;
            if (answers_pings && passes_traffic) {
                m_supervisor.gateway_answered(m_now);
            } else {
                m_ping.start(m_now);
            }
            break;
        case Act::OpenPortal:
        case Act::ClosePortal:
            portal_open = what == Act::OpenPortal;
            log().portal_is(portal_open);
            break;
        case Act::Restart:
            restart();
            break;
        case Act::None:
            break;
    }
}

void World::try_to_join() {
    ++attempts;
    if (m_link == Link::Off) {  // the driver ignores a second attempt while one runs
        m_link = Link::Trying;
        m_link_since = m_now;
    }
}

void World::fall(uint8_t reason) {
    m_link = Link::Off;
    if (events_arrive) {
        m_supervisor.disconnected(m_now, reason);
    }
}

void World::restart() {
    ++restarts;
    log().allow(Cause::Wifi);
    m_link = Link::Off;
    m_own_leave = false;
    m_ping.stop();
    m_down_since = m_now;
    m_booting = true;
    m_boot_since = m_now;
}

}  // namespace vedette
