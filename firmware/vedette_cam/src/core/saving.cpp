#include "saving.h"

namespace vedette {

void Saving::changed(Millis now) {
    if (!m_first.running()) {
        m_first.start(now);
    }
    m_last.start(now);
}

bool Saving::due(Millis now) {
    const bool is_worn = m_saved.running() && !m_saved.reached(now, kBetween);
    return !is_worn && (m_last.reached(now, kQuiet) || m_first.reached(now, kLatest));
}

void Saving::saved(Millis now) {
    m_first.stop();
    m_last.stop();
    m_saved.start(now);
}

}  // namespace vedette
