#include "../vedette_cam/src/core/slot.h"
#include "harness.h"

using namespace vedette;

TEST("one viewer has the place, the second is refused, and after the first has left it is taken") {
    StreamSlot slot;
    CHECK(slot.take(1000, "192.168.0.5"));
    CHECK(!slot.take(2000, "192.168.0.6"));
    CHECK_TEXT(slot.viewer(), "192.168.0.5");
    CHECK_EQUAL(slot.held_for(3500), 2500U);
    slot.release();
    CHECK_TEXT(slot.viewer(), "");
    CHECK(slot.take(4000, "192.168.0.6"));
}

TEST("an address longer than any is cut, not written past its place") {
    StreamSlot slot;
    CHECK(slot.take(0, std::string(100, 'a').c_str()));
    CHECK_EQUAL(std::string(slot.viewer()).size(), StreamSlot::kAddress - 1);
}

TEST("a viewer whose connection takes no byte for five seconds has vanished") {
    StreamSlot slot;
    slot.take(0, "v");
    slot.frame_began(1000);
    slot.bytes_taken(2000);
    CHECK(!slot.vanished(6900));
    CHECK(slot.vanished(7000));
    CHECK_EQUAL(slot.viewers_vanished(), 1U);
    slot.release();
    CHECK(slot.take(7001, "w"));
    CHECK(!slot.vanished(60000));
}

TEST("a viewer that takes a byte each four seconds does not keep the place with one frame") {
    StreamSlot slot;
    slot.take(0, "v");
    slot.frame_began(0);
    for (Millis now = 4000; now < 20000; now += 4000) {
        slot.bytes_taken(now);
        CHECK(!slot.vanished(now));
    }
    CHECK(slot.vanished(20000));
}

TEST("between frames nobody vanishes: the sensor may be slow") {
    StreamSlot slot;
    slot.take(0, "v");
    slot.frame_began(0);
    slot.frame_sent(100);
    CHECK(!slot.vanished(25000));
    CHECK_EQUAL(slot.frames_sent(), 1U);
}

TEST("a vanished viewer is noticed across the wrap-around") {
    StreamSlot slot;
    slot.take(0xFFFFFF00, "v");
    slot.frame_began(0xFFFFFF00);
    CHECK(!slot.vanished(0x80));
    CHECK(slot.vanished(5000));
}

TEST("the watchdog is fed while the place is free or frames go out, and not when something hangs") {
    StreamSlot slot;
    CHECK(slot.alive(10 * kMinute));
    slot.take(0, "v");
    CHECK(slot.alive(29 * kSecond));
    slot.frame_began(29 * kSecond);
    slot.frame_sent(29 * kSecond);
    CHECK(slot.alive(58 * kSecond));
    CHECK(!slot.alive(59 * kSecond));
    slot.release();
    CHECK(slot.alive(59 * kSecond));
}

TEST("a viewer that vanished is counted once") {
    StreamSlot slot;
    slot.take(0, "v");
    slot.frame_began(0);
    CHECK(slot.vanished(30000));
    CHECK(!slot.vanished(30000));
    CHECK_EQUAL(slot.viewers_vanished(), 1U);
}

TEST("the next viewer does not answer for the one before") {
    StreamSlot slot;
    slot.take(0, "v");
    slot.frame_began(0);
    slot.release();
    CHECK(!slot.vanished(kMinute));
    slot.take(kMinute, "w");
    CHECK(!slot.vanished(kMinute));
    CHECK(slot.alive(kMinute));
}

TEST("a viewer for whom no first frame ever comes stops the watchdog's food") {
    StreamSlot slot;
    slot.take(kMinute, "v");
    CHECK(slot.alive(kMinute + 29 * kSecond));
    CHECK(!slot.alive(kMinute + 30 * kSecond));
}
