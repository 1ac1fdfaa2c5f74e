#include "../vedette_cam/src/core/ota_check.h"
#include "harness.h"

using namespace vedette;
using Act = OtaCheck::Act;

TEST("a firmware that is not on probation is left alone") {
    OtaCheck check;
    check.start(0, false);
    CHECK(check.next(kMinute * 60) == Act::None);
    CHECK(!check.pending());
}

TEST("an address, a frame and a request, in any order, and it stays") {
    OtaCheck check;
    check.start(0, true);
    check.request();
    CHECK(check.next(1) == Act::None);
    check.frame();
    CHECK(check.next(2) == Act::None);
    check.got_address();
    CHECK(check.next(3) == Act::MarkValid);
    CHECK(check.next(4) == Act::None);
}

TEST("without a request it stays after ten minutes") {
    OtaCheck check;
    check.start(0xFFFFF000, true);
    check.got_address();
    check.frame();
    CHECK(check.next(0xFFFFF000 + 10 * kMinute - 1) == Act::None);
    CHECK(check.next(0xFFFFF000 + 10 * kMinute) == Act::MarkValid);
}

TEST("without a frame, or without an address, the old one comes back after ten minutes") {
    for (const bool has_frame : {false, true}) {
        OtaCheck check;
        check.start(0, true);
        check.request();
        if (has_frame) {
            check.frame();
        } else {
            check.got_address();
        }
        CHECK(check.next(10 * kMinute - 1) == Act::None);
        CHECK(check.next(10 * kMinute) == Act::RollBack);
        CHECK(check.next(20 * kMinute) == Act::None);
    }
}
