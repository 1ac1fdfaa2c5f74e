#include "../vedette_cam/src/core/clock.h"
#include "harness.h"

using namespace vedette;

TEST("a stopwatch that does not run has measured nothing and reached nothing") {
    Stopwatch watch;
    CHECK_EQUAL(watch.elapsed(12345), 0U);
    CHECK(!watch.reached(12345, 0));
}

TEST("a stopwatch measures across the wrap-around") {
    Stopwatch watch;
    watch.start(0xFFFFFF00);
    CHECK_EQUAL(watch.elapsed(0xFFFFFF00), 0U);
    CHECK_EQUAL(watch.elapsed(0x100), 0x200U);
    CHECK(watch.reached(0x100, 0x200));
    CHECK(!watch.reached(0x0FF, 0x200));
}

TEST("a stopwatch that has run for weeks never looks young again") {
    Stopwatch watch;
    watch.start(0);
    for (uint64_t day = 1; day < 120; ++day) {
        const Millis elapsed = watch.elapsed(static_cast<Millis>(day * 24 * 60 * kMinute));
        CHECK(elapsed >= (day < 25 ? day * 24 * 60 * kMinute : kLongest));
    }
    watch.start(5);
    CHECK_EQUAL(watch.elapsed(6), 1U);
}
