// Watches that the sensor gives frames, and wakes it when it does not.
//
// The law: three frames asked for in vain (each takes the driver 4 s, esp32-camera's FB_GET_TIMEOUT) or a failed start
// mean that it hangs. Then its power-down pin goes up for 300 ms and it is started again, which cured 0x105 for
// Tasmota; where a board has no such pin, starting again is all there is. If it still gives nothing: restart. Whether
// that is allowed is the restart log's to say; when it is not, the sensor is tried again after 1, 2, 4 … at
// most 16 minutes, and the board stays on the network meanwhile.
// Somebody must ask for frames for this to notice anything: when nobody looks, `wants_probe()` says when to.
#pragma once

#include <cstdint>

#include "clock.h"

namespace vedette {

class SensorWatch {
  public:
    enum class Act : uint8_t { None, PowerCycle, Restart };

    static constexpr uint8_t kNulls = 3;
    static constexpr Millis kPowerDown = 300;  // 200 to 500 ms
    static constexpr Millis kProbe = 30 * kSecond;
    static constexpr Millis kFirstRetry = 1 * kMinute;
    static constexpr Millis kLongestRetry = 16 * kMinute;

    void started(bool worked);  // esp_camera_init at boot
    void frame(Millis now);
    void null_frame(Millis now);
    void restarted_sensor(Millis now, bool worked);  // after a PowerCycle
    void restart_refused(Millis now);                // after a Restart

    Act next(Millis now);
    bool wants_probe(Millis now);

    bool works() const { return m_state == State::Works; }
    uint32_t failures() const { return m_failures; }
    uint32_t power_cycles() const { return m_power_cycles; }

  private:
    enum class State : uint8_t {
        Unknown,   // started, no frame yet
        Works,     // a frame came, and fewer than three were missed since
        Hangs,     // to be power-cycled
        Cycling,   // being power-cycled
        Trying,    // was power-cycled; no frame since
        Hopeless,  // a restart is due
        Waiting,   // no restart is allowed; try again later
    };

    void missed(Millis now);
    bool gives_frames() const;  // or may: it is worth asking

    State m_state = State::Unknown;
    Stopwatch m_frame;  // since the last one
    Stopwatch m_wait;
    Millis m_retry = kFirstRetry;
    uint8_t m_nulls = 0;
    bool m_limited = false;
    uint32_t m_failures = 0;
    uint32_t m_power_cycles = 0;
};

}  // namespace vedette
