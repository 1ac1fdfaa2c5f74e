#include "../vedette_cam/src/core/sizes.h"
#include "harness.h"

using namespace vedette;

TEST("the table has the numbers of the driver since November 2024") {
    CHECK_EQUAL(index_of({320, 240}), 6);
    CHECK_EQUAL(index_of({800, 600}), 11);
    CHECK_EQUAL(index_of({1600, 1200}), 15);
    CHECK_EQUAL(index_of({2592, 1944}), 24);
    CHECK_EQUAL(index_of({801, 600}), kNoSize);
    CHECK(size_at(-1) == (Size{0, 0}));
    CHECK(size_at(25) == (Size{0, 0}));
}

TEST("every size of the table is written and read back") {
    for (int index = 0; index < kSizes; ++index) {
        char text[12];
        write_size(size_at(index), text, sizeof(text));
        Size size{};
        CHECK(parse_size(text, size));
        CHECK_EQUAL(index_of(size), index);
    }
}

TEST("what is not a size is refused, and nothing is changed") {
    Size size{1, 2};
    for (const char* text : {"", "x", "800", "800x", "x600", "800x600 ", " 800x600", "800X600", "-800x600", "80000x600",
                             "800x60000", "800x600x1", "800,600"}) {
        CHECK(!parse_size(text, size));
    }
    CHECK(size == (Size{1, 2}));
}
