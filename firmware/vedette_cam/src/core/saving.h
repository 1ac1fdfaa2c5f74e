// When changed settings are written to flash.
//
// The law: 5 s after the last change, at the latest 60 s after the first, and never twice within a minute. A
// slider that is dragged makes ten changes a second; an NVS page is good for about 100,000 erasures.
#pragma once

#include "clock.h"

namespace vedette {

class Saving {
  public:
    static constexpr Millis kQuiet = 5 * kSecond;
    static constexpr Millis kLatest = 60 * kSecond;
    static constexpr Millis kBetween = 60 * kSecond;

    void changed(Millis now);
    bool due(Millis now);
    void saved(Millis now);

    bool pending() const { return m_first.running(); }

  private:
    Stopwatch m_first;  // since the first change that is not saved yet
    Stopwatch m_last;
    Stopwatch m_saved;
};

}  // namespace vedette
