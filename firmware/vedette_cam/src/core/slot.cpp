#include "slot.h"

#include <cstdio>

namespace vedette {

bool StreamSlot::take(Millis now, const char* viewer) {
    if (taken()) {
        return false;
    }
    m_held.start(now);
    m_last_sent.start(now);
    snprintf(m_viewer, sizeof(m_viewer), "%s", viewer);
    return true;
}

void StreamSlot::release() {
    m_held.stop();
    m_frame.stop();
    m_last_byte.stop();
    m_viewer[0] = '\0';
}

void StreamSlot::frame_began(Millis now) {
    m_frame.start(now);
    m_last_byte.start(now);
}

void StreamSlot::bytes_taken(Millis now) { m_last_byte.start(now); }

void StreamSlot::frame_sent(Millis now) {
    m_frame.stop();
    m_last_byte.stop();
    m_last_sent.start(now);
    ++m_frames_sent;
}

bool StreamSlot::vanished(Millis now) {
    if (!m_last_byte.reached(now, kNoByte) && !m_frame.reached(now, kOneFrame)) {
        return false;
    }
    m_last_byte.stop();
    m_frame.stop();
    ++m_vanished;
    return true;
}

bool StreamSlot::alive(Millis now) { return !taken() || !m_last_sent.reached(now, kNoFrame); }

}  // namespace vedette
