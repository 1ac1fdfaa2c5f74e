#include "../vedette_cam/src/core/restarts.h"

#include <cstring>

#include "harness.h"

using namespace vedette;

TEST("a record full of anything, as after power-on, begins at nothing") {
    RestartRecord record;
    std::memset(&record, 0xA5, sizeof(record));
    RestartLog log(record);
    CHECK_EQUAL(log.total(), 0U);
    CHECK(log.last_cause() == nullptr);
    CHECK(!log.portal_was_open());
}

TEST("a record of which one bit fell over begins at nothing") {
    RestartRecord record{};
    RestartLog(record).allow(Cause::Wifi);
    record.count[0] ^= 4;
    CHECK_EQUAL(RestartLog(record).total(), 0U);
}

TEST("restarts are counted by cause, and outlive the restart") {
    RestartRecord record{};
    RestartLog(record).allow(Cause::Wifi);
    RestartLog(record).allow(Cause::Wifi);
    RestartLog(record).allow(Cause::Request);
    RestartLog(record).allow(Cause::Update);
    RestartLog log(record);
    CHECK_EQUAL(log.count(Cause::Wifi), 2U);
    CHECK_EQUAL(log.count(Cause::Request), 1U);
    CHECK_EQUAL(log.total(), 4U);
    CHECK_TEXT(log.last_cause(), "update");
}

TEST("a sensor may ask for three restarts in a row, and again after a frame") {
    RestartRecord record{};
    for (int i = 0; i < 3; ++i) {
        CHECK(RestartLog(record).allow(Cause::Sensor));
    }
    CHECK(!RestartLog(record).allow(Cause::Sensor));
    CHECK_EQUAL(RestartLog(record).count(Cause::Sensor), 3U);
    RestartLog(record).frame_came();
    CHECK(RestartLog(record).allow(Cause::Sensor));
    CHECK_EQUAL(RestartLog(record).sensor_in_row(), 1U);
}

TEST("ten restarts for Wi-Fi in a row open the set-up page, one address closes the row") {
    RestartRecord record{};
    for (int i = 0; i < 9; ++i) {
        RestartLog(record).allow(Cause::Wifi);
    }
    CHECK(!RestartLog(record).portal_was_open());
    RestartLog(record).allow(Cause::Wifi);
    CHECK(RestartLog(record).portal_was_open());
    RestartLog(record).wifi_worked();
    CHECK(!RestartLog(record).portal_was_open());
}

TEST("a row longer than its counter stays at the counter's end") {
    RestartRecord record{};
    RestartLog log(record);
    for (int i = 0; i < 70000; ++i) {
        log.allow(Cause::Wifi);
    }
    CHECK_EQUAL(log.wifi_in_row(), 65535U);
    CHECK_EQUAL(log.count(Cause::Wifi), 70000U);
}

TEST("an address or a frame ends a row and costs no count") {
    RestartRecord record{};
    RestartLog(record).allow(Cause::Wifi);
    RestartLog(record).wifi_worked();
    CHECK_EQUAL(RestartLog(record).total(), 1U);
    RestartLog(record).allow(Cause::Sensor);
    RestartLog(record).frame_came();
    CHECK_EQUAL(RestartLog(record).total(), 2U);
    CHECK_EQUAL(RestartLog(record).sensor_in_row(), 0U);
}

TEST("that the set-up page was open outlives the restart") {
    RestartRecord record{};
    RestartLog(record).portal_is(true);
    CHECK(RestartLog(record).portal_was_open());
    RestartLog(record).portal_is(false);
    CHECK(!RestartLog(record).portal_was_open());
}

TEST("every cause has a name") {
    CHECK_TEXT(cause_name(Cause::Wifi), "wifi");
    CHECK_TEXT(cause_name(Cause::Sensor), "sensor");
    CHECK_TEXT(cause_name(Cause::Request), "request");
    CHECK_TEXT(cause_name(Cause::Update), "update");
    CHECK_TEXT(cause_name(static_cast<Cause>(9)), "unknown");
}
