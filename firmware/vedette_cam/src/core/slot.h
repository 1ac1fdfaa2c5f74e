// The one place for a viewer of the stream.
//
// The law: one streamer at a time, and everybody else is told so at once, with a reason, instead of waiting in silence
// (what Espressif's example does: one thread, whose stream handler never returns). A viewer that vanished without a
// word must not hold the place: it is given up when its connection takes no byte for 5 s (esp_http_server's
// own send timeout), or when one frame takes longer than 20 s (as Tasmota's does).
// Not safe across tasks: the sketch holds a lock around it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "clock.h"

namespace vedette {

class StreamSlot {
  public:
    static constexpr Millis kNoByte = 5 * kSecond;
    static constexpr Millis kOneFrame = 20 * kSecond;
    static constexpr Millis kNoFrame = 30 * kSecond;  // longer than any sensor recovery takes
    static constexpr size_t kAddress = 46;            // an IPv6 address as text, with its end

    // True when the place was free; `viewer` is its address as text.
    bool take(Millis now, const char* viewer);
    void release();

    void frame_began(Millis now);
    void bytes_taken(Millis now);  // the connection accepted at least one
    void frame_sent(Millis now);

    // The viewer is gone, though nobody said so: release.
    bool vanished(Millis now);

    // For the task watchdog: the place is free, or frames still go out. False means that something hangs which
    // should have ended by itself.
    bool alive(Millis now);

    bool taken() const { return m_held.running(); }
    const char* viewer() const { return m_viewer; }
    Millis held_for(Millis now) { return m_held.elapsed(now); }
    uint32_t frames_sent() const { return m_frames_sent; }
    uint32_t viewers_vanished() const { return m_vanished; }

  private:
    Stopwatch m_held;
    Stopwatch m_frame;      // runs while a frame is on its way
    Stopwatch m_last_byte;  // likewise
    Stopwatch m_last_sent;
    char m_viewer[kAddress] = "";
    uint32_t m_frames_sent = 0;
    uint32_t m_vanished = 0;
};

}  // namespace vedette
