#include "example_board.h"

namespace {

constexpr uint32_t kRefusedAfter = 2500;  // a scan of all channels takes about 2 s
constexpr uint32_t kCheckEvery = 5 * ExampleBoard::kMinute;

bool core_tries_again(uint8_t reason) {
    switch (reason) {
        case 1:    // UNSPECIFIED
        case 2:    // AUTH_EXPIRE
        case 3:    // AUTH_LEAVE
        case 4:    // ASSOC_EXPIRE
        case 5:    // ASSOC_TOOMANY
        case 6:    // NOT_AUTHED
        case 7:    // NOT_ASSOCED
        case 9:    // ASSOC_NOT_AUTHED
        case 14:   // MIC_FAILURE
        case 15:   // 4WAY_HANDSHAKE_TIMEOUT
        case 16:   // GROUP_KEY_UPDATE_TIMEOUT
        case 17:   // IE_IN_4WAY_DIFFERS
        case 23:   // 802_1X_AUTH_FAILED
        case 49:   // INVALID_PMKID
        case 200:  // BEACON_TIMEOUT
        case 201:  // NO_AP_FOUND
        case 203:  // ASSOC_FAIL
        case 204:  // HANDSHAKE_TIMEOUT
        case 205:  // CONNECTION_FAIL
        case 206:  // AP_TSF_RESET
        case 207:  // ROAMING
            return true;
        default:
            return false;
    }
}

}  // namespace

ExampleBoard::ExampleBoard(Sketch sketch, uint32_t now)
    : m_sketch(sketch), m_now(now), m_link_since(now), m_booting_since(now), m_checked_at(now) {
    boot();
}

void ExampleBoard::boot() {
    m_booting = true;
    m_booting_since = m_now;
    m_piece = 0;
    m_link = Link::Off;
}

void ExampleBoard::run(uint32_t duration) {
    for (uint32_t passed = 0; passed < duration; passed += kStep) {
        step();
    }
}

void ExampleBoard::lose(uint8_t reason) { disconnected(reason); }

void ExampleBoard::lose_address() {
    if (m_link == Link::Up) {
        go(Link::Joined);
        m_status = Status::Idle;
    }
}

Condition ExampleBoard::condition() const {
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

void ExampleBoard::step() {
    m_now += kStep;
    if (m_booting && m_now - m_booting_since >= kBoot) {
        m_booting = false;
        m_in_setup = true;
        m_first_connect = true;
        m_status = Status::Disconnected;
        m_patch = StayConnected();
        m_patch.start(m_now);
        connect();
    }
    if (!m_booting) {
        radio();
        sketch();
    }
    if (works()) {
        m_piece = 0;
        return;
    }
    without += kStep;
    m_piece += kStep;
    longest_without = m_piece > longest_without ? m_piece : longest_without;
}

void ExampleBoard::radio() {
    const uint32_t so_far = m_now - m_link_since;
    if (m_link == Link::Trying && accepts && so_far >= kJoin) {
        go(Link::Joined);
        m_status = Status::Idle;
    } else if (m_link == Link::Trying && !accepts && so_far >= kRefusedAfter) {
        disconnected(refusal);
    } else if (m_link == Link::Joined && gives_address && so_far >= address_after) {
        go(Link::Up);
        m_status = Status::Connected;
    }
}

void ExampleBoard::sketch() {
    if (m_in_setup && m_status == Status::Connected) {
        m_in_setup = false;
        m_checked_at = m_now;
    }
    if (m_sketch == Sketch::FiveMinutes && !m_in_setup && m_now - m_checked_at >= kCheckEvery) {
        m_checked_at = m_now;
        if (m_status == Status::ConnectionLost) {
            ++begins_by_check;
            connect();
        }
    }
    if (m_sketch != Sketch::Patched) {
        return;
    }
    switch (m_patch.check(m_now, m_link == Link::Up)) {
        case StayConnected::kDropAndBegin:
            ++drops;
            m_link = Link::Off;
            m_status = Status::Disconnected;
            connect();
            break;
        case StayConnected::kRestart:
            ++restarts;
            boot();
            break;
        case StayConnected::kNothing:
            break;
    }
}

void ExampleBoard::disconnected(uint8_t given) {
    const uint8_t reason = given == 0 ? 1 : given;  // as newer cores do
    m_link = Link::Off;
    if (reason == 201) {
        m_status = Status::NoSsid;
    } else if (reason == 202 && !m_first_connect) {
        m_status = Status::ConnectFailed;
    } else if (reason == 200 || reason == 204) {
        m_status = Status::ConnectionLost;
    } else if (reason != 2) {  // after AUTH_EXPIRE it stays what it was
        m_status = Status::Disconnected;
    }
    const bool again = reason != 8 && (m_first_connect || core_tries_again(reason));
    m_first_connect = m_first_connect && reason == 8;
    if (again) {
        connect();
    }
}

void ExampleBoard::connect() {
    ++attempts;
    if (m_link == Link::Off) {  // the driver ignores a second attempt while one runs
        go(Link::Trying);
    }
}

void ExampleBoard::go(Link link) {
    m_link = link;
    m_link_since = m_now;
}
