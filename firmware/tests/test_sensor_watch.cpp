#include "../vedette_cam/src/core/sensor_watch.h"

#include "../vedette_cam/src/core/restarts.h"
#include "harness.h"

using namespace vedette;
using Act = SensorWatch::Act;

namespace {

void miss(SensorWatch& watch, Millis now, int times) {
    for (int i = 0; i < times; ++i) {
        watch.null_frame(now);
    }
}

}  // namespace

TEST("two missed frames are nothing, three are a power cycle") {
    SensorWatch watch;
    watch.started(true);
    watch.frame(100);
    miss(watch, 200, 2);
    CHECK(watch.next(200) == Act::None);
    CHECK(watch.works());
    watch.null_frame(300);
    CHECK(watch.next(300) == Act::PowerCycle);
    CHECK(watch.next(300) == Act::None);
    CHECK_EQUAL(watch.failures(), 3U);
    CHECK_EQUAL(watch.power_cycles(), 1U);
}

TEST("a frame between makes missed ones forgotten") {
    SensorWatch watch;
    watch.started(true);
    miss(watch, 0, 2);
    watch.frame(1);
    miss(watch, 2, 2);
    CHECK(watch.next(2) == Act::None);
}

TEST("a power cycle that helps is the end of it") {
    SensorWatch watch;
    watch.started(true);
    miss(watch, 0, 3);
    CHECK(watch.next(0) == Act::PowerCycle);
    watch.restarted_sensor(500, true);
    CHECK(!watch.works());
    watch.frame(600);
    CHECK(watch.works());
    CHECK(watch.next(600) == Act::None);
}

TEST("a power cycle that does not help is followed by a restart") {
    SensorWatch watch;
    watch.started(true);
    miss(watch, 0, 3);
    watch.next(0);
    miss(watch, 0, 2);  // on their way when the power went off
    watch.restarted_sensor(500, true);
    miss(watch, 600, 2);
    CHECK(watch.next(600) == Act::None);
    watch.null_frame(700);
    CHECK(watch.next(700) == Act::Restart);
}

TEST("a sensor that does not start at boot, nor after a power cycle, is followed by a restart") {
    SensorWatch watch;
    watch.started(false);
    CHECK(watch.next(0) == Act::PowerCycle);
    watch.restarted_sensor(500, false);
    CHECK(watch.next(500) == Act::Restart);
}

TEST("when no restart is allowed it is tried again, ever more rarely, and never given up") {
    SensorWatch watch;
    watch.started(false);
    watch.next(0);
    watch.restarted_sensor(0, false);
    CHECK(watch.next(0) == Act::Restart);
    watch.restart_refused(0);
    Millis now = 0;
    for (const Millis wait : {1U, 2U, 4U, 8U, 16U, 16U, 16U}) {
        CHECK(watch.next(now + wait * kMinute - 1) == Act::None);
        now += wait * kMinute;
        CHECK(watch.next(now) == Act::PowerCycle);
        watch.restarted_sensor(now, false);
        CHECK(watch.next(now) == Act::None);
    }
    watch.frame(now);
    CHECK(watch.works());
}

TEST("a sensor that starts and gives nothing is left to wait as well, when no restart is allowed") {
    SensorWatch watch;
    watch.started(false);
    watch.next(0);
    watch.restarted_sensor(0, false);
    watch.next(0);
    watch.restart_refused(0);
    CHECK(watch.next(kMinute) == Act::PowerCycle);
    watch.restarted_sensor(kMinute, true);
    miss(watch, kMinute, 3);
    CHECK(watch.next(kMinute) == Act::None);
    CHECK(watch.next(3 * kMinute) == Act::PowerCycle);
}

TEST("a sensor that never works costs three restarts, and then the board stays on the network") {
    RestartRecord record{};
    Millis now = 0;
    unsigned restarts = 0;
    for (int boot = 0; boot < 10; ++boot) {
        SensorWatch watch;
        watch.started(false);
        CHECK(watch.next(now) == Act::PowerCycle);
        watch.restarted_sensor(now, false);
        CHECK(watch.next(now) == Act::Restart);
        if (!RestartLog(record).allow(Cause::Sensor)) {
            watch.restart_refused(now);
            break;
        }
        ++restarts;
    }
    CHECK_EQUAL(restarts, 3U);
}

TEST("frames missed while it is being dealt with change nothing") {
    SensorWatch watch;
    watch.started(false);
    miss(watch, 0, 5);
    CHECK(watch.next(0) == Act::PowerCycle);
    CHECK(watch.next(0) == Act::None);
    watch.restarted_sensor(0, false);
    miss(watch, 0, 5);
    CHECK(watch.next(0) == Act::Restart);
    watch.restart_refused(0);
    miss(watch, 0, 5);
    CHECK(watch.next(1000) == Act::None);
    CHECK(!watch.wants_probe(1000));
}

TEST("a sensor nobody looks through is asked each half minute, and at once when it is in doubt") {
    SensorWatch watch;
    watch.started(true);
    CHECK(watch.wants_probe(0));
    watch.frame(10 * kSecond);
    CHECK(!watch.wants_probe(39 * kSecond));
    CHECK(watch.wants_probe(40 * kSecond));
    watch.frame(40 * kSecond);
    CHECK(!watch.wants_probe(41 * kSecond));
    watch.null_frame(41 * kSecond);
    CHECK(watch.wants_probe(41 * kSecond));
}

TEST("a sensor that is being dealt with is not asked") {
    SensorWatch watch;
    watch.started(false);
    CHECK(!watch.wants_probe(0));
    CHECK(watch.next(0) == Act::PowerCycle);
    CHECK(!watch.wants_probe(0));
    watch.restarted_sensor(0, true);
    CHECK(watch.wants_probe(0));
    miss(watch, 0, 3);
    CHECK(watch.next(0) == Act::Restart);
    CHECK(!watch.wants_probe(0));
}

TEST("a frame ends the patience: what fails after it may ask for a restart again, and waits from a minute on") {
    SensorWatch watch;
    for (int round = 0; round < 2; ++round) {
        watch.started(false);
        watch.next(0);
        watch.restarted_sensor(0, false);
        CHECK(watch.next(0) == Act::Restart);
        watch.restart_refused(0);
        CHECK(watch.next(kMinute) == Act::PowerCycle);
        watch.restarted_sensor(kMinute, true);
        watch.frame(kMinute);
    }
    CHECK_EQUAL(watch.failures(), 2U);
}

TEST("the waits hold across the wrap-around") {
    const Millis start = 0xFFFFFFFF - 1000;
    SensorWatch watch;
    watch.started(false);
    watch.next(start);
    watch.restarted_sensor(start, false);
    watch.restart_refused(start);
    CHECK(watch.next(start + 59 * kSecond) == Act::None);
    CHECK(watch.next(start + 60 * kSecond) == Act::PowerCycle);
}
