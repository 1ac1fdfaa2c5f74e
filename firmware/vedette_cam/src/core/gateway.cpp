#include "gateway.h"

namespace vedette {

void GatewayCheck::connected(Millis now) {
    m_since_sign.start(now);
    m_silences = m_distrusted ? 1 : 0;
}

void GatewayCheck::disconnected() {
    m_since_sign.stop();
    m_asked.stop();
}

void GatewayCheck::answered(Millis now) {
    m_trusted = true;
    traffic(now);
}

void GatewayCheck::traffic(Millis now) {
    m_distrusted = false;
    m_silences = 0;
    if (!m_trusted) {
        return;
    }
    m_asked.stop();
    if (m_since_sign.running()) {
        m_since_sign.start(now);
    }
}

void GatewayCheck::silent(Millis now) {
    m_asked.stop();
    if (!m_since_sign.running()) {
        return;  // the answer to a question of a connection that is gone
    }
    m_since_sign.start(now);
    if (m_trusted && m_silences < kSilences) {
        ++m_silences;
    }
    m_distrusted = m_distrusted || dead();
}

bool GatewayCheck::wants_to_ask(Millis now) {
    const Millis interval = in_doubt() ? kInDoubt : kInterval;
    const bool is_open = m_asked.running() && !m_asked.reached(now, kForgotten);
    if (is_open || !m_since_sign.reached(now, interval)) {
        return false;
    }
    m_asked.start(now);
    return true;
}

}  // namespace vedette
