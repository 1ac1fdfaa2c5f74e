// Whether a firmware that has just arrived over the air may stay.
//
// The law: it may stay when it has shown an address, a frame and an answered request, or an address and a frame and
// ten minutes without a request (nobody need look at night). Ten minutes without one of the two: back to the old
// one. Every restart before that is a roll-back too: the bootloader takes the old firmware when the new one was not
// marked (esp-idf, `CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE`), so one that crashes or loses Wi-Fi for three minutes
// goes as well. Arduino's core would mark it before `setup()`; the sketch overrides `verifyRollbackLater()`.
#pragma once

#include "clock.h"

namespace vedette {

class OtaCheck {
  public:
    enum class Act : uint8_t { None, MarkValid, RollBack };

    static constexpr Millis kProbation = 10 * kMinute;

    // `pending`: the running firmware waits for its mark.
    void start(Millis now, bool pending);

    void got_address() { m_address = true; }
    void frame() { m_frame = true; }
    void request() { m_request = true; }

    Act next(Millis now);

    bool pending() const { return m_probation.running(); }

  private:
    Stopwatch m_probation;
    bool m_address = false;
    bool m_frame = false;
    bool m_request = false;
};

}  // namespace vedette
