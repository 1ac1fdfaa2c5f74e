#include "supervisor.h"

namespace vedette {

namespace {

constexpr uint8_t kAssocLeave = 8;
constexpr Millis kOwnLeave = 2 * kSecond;  // `disconnect(true)` makes an ASSOC_LEAVE event of its own, soon after
constexpr Millis kAnswerFirst = 1 * kSecond;  // the set-up page's answer goes out before its network is left
constexpr Millis kWithGuest = 20 * kSecond;  // between attempts: each takes the set-up network's channel away

}  // namespace

void Supervisor::start(Millis now, Credentials credentials, bool portal_open) {
    m_credentials = credentials;
    m_portal_wanted = portal_open || credentials == Credentials::None;
    m_down.start(now);
    m_progress.start(now);
    plan(now, Act::Begin, 0);
}

void Supervisor::associated(Millis now) {
    m_planned.stop();
    if (!m_joined) {
        m_joined = true;
        m_progress.start(now);  // the address gets its own 15 s; who is let in and thrown out again gets them once
    }
}

void Supervisor::got_address(Millis now) {
    if (m_leaving) {
        return;
    }
    m_online = true;
    m_credentials = Credentials::Proven;
    m_password_failures = 0;
    m_portal_wanted = false;
    m_gateway.connected(now);
    if (!m_gateway.distrusted()) {
        m_down.stop();
    }
}

void Supervisor::lost_address(Millis now) {
    go_offline(now);
    m_planned.stop();  // still associated: DHCP may recover within the 15 s
}

void Supervisor::disconnected(Millis now, uint8_t reason) {
    if (own_leave(now, reason)) {
        return;
    }
    ++m_disconnects;
    m_last_reason = reason;
    m_leaving = false;
    const Remedy remedy = reason_for(reason).remedy;
    if (remedy == Remedy::Password && m_password_failures < m_patience.password_tries) {
        ++m_password_failures;
        m_portal_wanted = m_portal_wanted || m_password_failures == m_patience.password_tries;
    }
    go_offline(now);
    plan(now, remedy == Remedy::Fresh ? Act::DropAndBegin : Act::Begin, m_guest ? kWithGuest : pause_before(remedy));
}

bool Supervisor::own_leave(Millis now, uint8_t reason) {
    if (reason != kAssocLeave || !m_dropped.running() || m_dropped.elapsed(now) > kOwnLeave) {
        return false;
    }
    m_dropped.stop();
    return true;
}

void Supervisor::gateway_answered(Millis now) {
    m_gateway.answered(now);
    if (m_online) {
        m_down.stop();
    }
}

void Supervisor::traffic(Millis now) {
    m_gateway.traffic(now);
    if (m_online) {
        m_down.stop();
    }
}

void Supervisor::gateway_silent(Millis now) {
    m_gateway.silent(now);
    if (m_gateway.in_doubt() && !m_down.running()) {
        m_down.start(now);
    }
}

void Supervisor::address_is(Millis now, bool present) {
    if (present && !m_online) {
        got_address(now);
    } else if (!present && m_online) {
        lost_address(now);
    }
}

void Supervisor::credentials_changed(Millis now) {
    m_credentials = Credentials::Untried;
    m_password_failures = 0;
    m_leaving = true;
    go_offline(now);
    m_down.start(now);
    m_progress.start(now);
    plan(now, Act::DropAndBegin, kAnswerFirst);
}

void Supervisor::go_offline(Millis now) {
    m_gateway.disconnected();
    if (!m_online) {
        return;
    }
    m_online = false;
    m_joined = false;
    m_progress.start(now);
    if (!m_down.running()) {
        m_down.start(now);
    }
}

void Supervisor::plan(Millis now, Act attempt, Millis pause) {
    m_attempt = attempt;
    m_pause = pause;
    m_planned.start(now);
}

Act Supervisor::next(Millis now) {
    const Act portal = portal_act(now);
    if (portal != Act::None) {
        return portal;
    }
    if (m_credentials == Credentials::None) {
        return Act::None;
    }
    if (given_up(now)) {
        return Act::Restart;
    }
    return m_online ? online_act(now) : offline_act(now);
}

Act Supervisor::portal_act(Millis now) {
    if (m_credentials == Credentials::Untried && m_down.reached(now, m_patience.unproven)) {
        m_portal_wanted = true;
    }
    if (m_portal_wanted == m_portal_open) {
        return Act::None;
    }
    m_portal_open = m_portal_wanted;
    return m_portal_open ? Act::OpenPortal : Act::ClosePortal;
}

bool Supervisor::given_up(Millis now) {
    return m_down.reached(now, m_guest ? m_patience.without_connection_with_guest : m_patience.without_connection);
}

Act Supervisor::offline_act(Millis now) {
    const Millis limit = m_guest ? m_patience.without_progress_with_guest : m_patience.without_progress;
    if (m_progress.reached(now, limit)) {
        return drop(now);
    }
    if (!m_planned.reached(now, m_pause)) {
        return Act::None;
    }
    m_planned.stop();
    return m_attempt == Act::DropAndBegin ? drop(now) : Act::Begin;
}

Act Supervisor::online_act(Millis now) {
    if (m_gateway.dead()) {
        go_offline(now);
        return drop(now);
    }
    return m_gateway.wants_to_ask(now) ? Act::AskGateway : Act::None;
}

Act Supervisor::drop(Millis now) {
    ++m_drops;
    m_leaving = false;
    m_joined = false;
    m_planned.stop();
    m_progress.start(now);
    m_dropped.start(now);
    return Act::DropAndBegin;
}

}  // namespace vedette
