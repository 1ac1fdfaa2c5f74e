// "Connected but dead": an address, an association, and yet nothing gets through.
//
// The law: silence counts only from a gateway that has answered on this boot. Some routers ignore pings
// (ESP32-CAM_MJPEG2SD#221), and a healthy board must not be thrown off its network for that. Traffic that was really
// exchanged (a request that arrived, a frame that was taken) is a better sign than any ping, and spares it; but not the
// first: a board that is looked at from its boot on would never learn whether its gateway answers, nor notice its silence.
#pragma once

#include "clock.h"

namespace vedette {

class GatewayCheck {
  public:
    static constexpr Millis kInterval = 30 * kSecond;
    static constexpr Millis kInDoubt = 5 * kSecond;  // between questions while one stands unanswered
    static constexpr Millis kForgotten = 1 * kMinute;  // a question whose asker never reported
    static constexpr uint8_t kSilences = 3;

    void connected(Millis now);
    void disconnected();
    void answered(Millis now);
    void silent(Millis now);
    void traffic(Millis now);

    // Time to ask. The asker reports answered() or silent() later; it is not asked twice meanwhile.
    bool wants_to_ask(Millis now);

    // The connection is no good: enough questions in a row went unanswered.
    bool dead() const { return m_silences >= kSilences; }

    bool in_doubt() const { return m_silences > 0; }

    // It was found dead, and nothing has been heard since; a new address alone does not change that.
    bool distrusted() const { return m_distrusted; }

  private:
    Stopwatch m_since_sign;  // of life, or since the last question that stayed open
    Stopwatch m_asked;       // runs while a question is open
    bool m_trusted = false;
    bool m_distrusted = false;
    uint8_t m_silences = 0;
};

}  // namespace vedette
