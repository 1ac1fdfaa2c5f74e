// Time, as everything in this folder knows it: milliseconds since boot, handed in by the caller.
//
// The law: nobody here reads a clock, and no moment is ever compared with another; only the difference of two is used.
// `millis()` wraps around after 2^32 ms = 49.7 days. The difference of two unsigned numbers is right across that; a
// comparison is not. A stopwatch that has run for 24 days stays there, so that nothing old ever looks young again.
#pragma once

#include <cstdint>

namespace vedette {

using Millis = uint32_t;

constexpr Millis kSecond = 1000;
constexpr Millis kMinute = 60 * kSecond;
constexpr Millis kLongest = 0x7FFFFFFF;  // 24.8 days

class Stopwatch {
  public:
    void start(Millis now) {
        m_started = now;
        m_running = true;
        m_full = false;
    }

    void stop() { m_running = false; }

    bool running() const { return m_running; }

    // Milliseconds since start(); 0 when it does not run. Ask at least once in 24 days.
    Millis elapsed(Millis now) {
        if (!m_running) {
            return 0;
        }
        const Millis passed = now - m_started;
        m_full = m_full || passed > kLongest;
        return m_full ? kLongest : passed;
    }

    // Runs, and has done so for that long.
    bool reached(Millis now, Millis limit) { return m_running && elapsed(now) >= limit; }

  private:
    Millis m_started = 0;
    bool m_running = false;
    bool m_full = false;
};

}  // namespace vedette
