#include "restarts.h"

namespace vedette {

namespace {

constexpr uint32_t kMagic = 0x56444331;  // "VDC1"
constexpr uint16_t kMost = 0xFFFF;

// FNV-1a over the fields before the check itself.
uint32_t check_of(const RestartRecord& record) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(&record);
    uint32_t hash = 2166136261U;
    for (unsigned i = 0; i < sizeof(RestartRecord) - sizeof(record.check); ++i) {
        hash = (hash ^ bytes[i]) * 16777619U;
    }
    return hash;
}

void count_up(uint16_t& counter) {
    if (counter < kMost) {
        ++counter;
    }
}

}  // namespace

const char* cause_name(Cause cause) {
    switch (cause) {
        case Cause::Wifi:
            return "wifi";
        case Cause::Sensor:
            return "sensor";
        case Cause::Request:
            return "request";
        case Cause::Update:
            return "update";
    }
    return "unknown";
}

RestartLog::RestartLog(RestartRecord& record) : m_record(record) {
    if (record.magic != kMagic || record.check != check_of(record)) {
        record = RestartRecord{};
        record.magic = kMagic;
    }
}

bool RestartLog::allow(Cause cause) {
    if (cause == Cause::Sensor && m_record.sensor_in_row >= kSensorLimit) {
        return false;
    }
    if (cause == Cause::Sensor) {
        count_up(m_record.sensor_in_row);
    }
    if (cause == Cause::Wifi) {
        count_up(m_record.wifi_in_row);
    }
    ++m_record.count[static_cast<unsigned>(cause)];
    m_record.last_cause = static_cast<uint8_t>(cause);
    seal();
    return true;
}

void RestartLog::wifi_worked() {
    if (m_record.wifi_in_row != 0) {
        m_record.wifi_in_row = 0;
        seal();
    }
}

void RestartLog::frame_came() {
    if (m_record.sensor_in_row != 0) {
        m_record.sensor_in_row = 0;
        seal();
    }
}

void RestartLog::portal_is(bool open) {
    m_record.portal_open = open ? 1 : 0;
    seal();
}

bool RestartLog::portal_was_open() const {
    return m_record.portal_open != 0 || m_record.wifi_in_row >= kWifiBeforePortal;
}

uint32_t RestartLog::total() const {
    uint32_t sum = 0;
    for (const uint32_t count : m_record.count) {
        sum += count;
    }
    return sum;
}

const char* RestartLog::last_cause() const {
    return total() == 0 ? nullptr : cause_name(static_cast<Cause>(m_record.last_cause));
}

void RestartLog::seal() { m_record.check = check_of(m_record); }

}  // namespace vedette
