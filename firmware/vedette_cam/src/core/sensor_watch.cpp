#include "sensor_watch.h"

namespace vedette {

void SensorWatch::started(bool worked) { m_state = worked ? State::Unknown : State::Hangs; }

void SensorWatch::frame(Millis now) {
    m_frame.start(now);
    m_state = State::Works;
    m_nulls = 0;
    m_limited = false;
    m_retry = kFirstRetry;
}

void SensorWatch::null_frame(Millis now) {
    ++m_failures;
    if (gives_frames() && ++m_nulls >= kNulls) {
        missed(now);
    }
}

// Power-cycling comes first; where it was just tried, a restart; where that is refused, patience.
void SensorWatch::missed(Millis now) {
    if (m_state == State::Unknown || m_state == State::Works) {
        m_state = State::Hangs;
    } else if (!m_limited) {
        m_state = State::Hopeless;
    } else {
        m_state = State::Waiting;
        m_wait.start(now);
    }
}

void SensorWatch::restarted_sensor(Millis now, bool worked) {
    m_state = State::Trying;
    m_nulls = 0;
    if (!worked) {
        ++m_failures;
        missed(now);
    }
}

void SensorWatch::restart_refused(Millis now) {
    m_limited = true;
    m_state = State::Waiting;
    m_wait.start(now);
}

SensorWatch::Act SensorWatch::next(Millis now) {
    if (m_state == State::Waiting && m_wait.reached(now, m_retry)) {
        m_retry = m_retry < kLongestRetry ? m_retry * 2 : kLongestRetry;
        m_state = State::Hangs;
    }
    if (m_state == State::Hangs) {
        ++m_power_cycles;
        m_state = State::Cycling;
        return Act::PowerCycle;
    }
    return m_state == State::Hopeless ? Act::Restart : Act::None;
}

bool SensorWatch::gives_frames() const {
    return m_state == State::Unknown || m_state == State::Works || m_state == State::Trying;
}

bool SensorWatch::wants_probe(Millis now) {
    const bool is_urgent = m_state != State::Works || m_nulls > 0;
    return gives_frames() && (is_urgent || m_frame.reached(now, kProbe));
}

}  // namespace vedette
