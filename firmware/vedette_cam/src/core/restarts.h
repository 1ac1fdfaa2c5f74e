// How often this board restarted itself, and why: kept where a restart does not erase it (RTC memory).
//
// The law: every restart that this firmware asks for is counted here first, and a cause that restarting does not cure
// loses the right to ask. Wi-Fi may always ask (the supervisor waits 3 minutes each time: at most 20 in an hour). A
// sensor that never gives a frame may ask 3 times in a row; after that the network stays up and `/health` says what is
// wrong, for some sensor hangs survive every soft reset (esp32-cam-webserver#294) and only the plug helps.
// Flash is not touched: a counter written there on every restart would wear it.
#pragma once

#include <cstdint>

namespace vedette {

enum class Cause : uint8_t { Wifi, Sensor, Request, Update };
constexpr unsigned kCauses = 4;

const char* cause_name(Cause cause);

// Plain data: the sketch places it in RTC_NOINIT memory, which holds anything at all after power-on.
struct RestartRecord {
    uint32_t magic;
    uint32_t count[kCauses];
    uint16_t wifi_in_row;    // without an address between
    uint16_t sensor_in_row;  // without a frame between
    uint8_t portal_open;
    uint8_t last_cause;
    uint16_t spare;
    uint32_t check;
};
static_assert(sizeof(RestartRecord) == 32, "no gaps: the check goes over every byte before it");

class RestartLog {
  public:
    static constexpr uint16_t kSensorLimit = 3;
    static constexpr uint16_t kWifiBeforePortal = 10;  // half an hour: perhaps the network has another name now

    // Takes what the record holds when it is whole, else begins anew.
    explicit RestartLog(RestartRecord& record);

    // Counts and says true, or says that this cause has had its share.
    bool allow(Cause cause);

    void wifi_worked();
    void frame_came();
    void portal_is(bool open);

    bool portal_was_open() const;
    uint32_t count(Cause cause) const { return m_record.count[static_cast<unsigned>(cause)]; }
    uint32_t total() const;
    uint16_t wifi_in_row() const { return m_record.wifi_in_row; }
    uint16_t sensor_in_row() const { return m_record.sensor_in_row; }

    // Why the last restart that this firmware asked for was asked for; null when there was none since power-on.
    const char* last_cause() const;

  private:
    void seal();

    RestartRecord& m_record;
};

}  // namespace vedette
