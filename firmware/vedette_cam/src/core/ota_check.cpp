#include "ota_check.h"

namespace vedette {

void OtaCheck::start(Millis now, bool pending) {
    if (pending) {
        m_probation.start(now);
    }
}

OtaCheck::Act OtaCheck::next(Millis now) {
    if (!pending()) {
        return Act::None;
    }
    const bool over = m_probation.reached(now, kProbation);
    if (m_address && m_frame && (m_request || over)) {
        m_probation.stop();
        return Act::MarkValid;
    }
    if (over) {
        m_probation.stop();
        return Act::RollBack;
    }
    return Act::None;
}

}  // namespace vedette
