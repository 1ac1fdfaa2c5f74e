#include "../vedette_cam/src/core/multipart.h"

#include <cstring>

#include "harness.h"

using namespace vedette;

TEST("microseconds are right, with all their zeros") {
    char text[kTimestampRoom];
    CHECK_EQUAL(write_timestamp({12, 345}, text, sizeof(text)), 9U);
    CHECK_TEXT(text, "12.000345");
    write_timestamp({0, 0}, text, sizeof(text));
    CHECK_TEXT(text, "0.000000");
    write_timestamp({5000000000, 999999}, text, sizeof(text));  // 158 years: more than 32 bits
    CHECK_TEXT(text, "5000000000.999999");
}

TEST("a part begins with the boundary the header names, and ends with a blank line") {
    char head[kPartHeadRoom];
    const size_t length = write_part_head(4321, {7, 89}, head, sizeof(head));
    CHECK_EQUAL(length, std::strlen(head));
    CHECK_TEXT(head, "\r\n--vedettecam\r\nContent-Type: image/jpeg\r\nContent-Length: 4321\r\n"
                     "X-Timestamp: 7.000089\r\n\r\n");
    CHECK(std::strstr(kStreamHead, "boundary=vedettecam\r\n") != nullptr);
    CHECK(std::strcmp(kStreamHead + std::strlen(kStreamHead) - 4, "\r\n\r\n") == 0);
}

TEST("the longest part header fits its place") {
    char head[kPartHeadRoom];
    CHECK(write_part_head(0xFFFFFFFF, {INT64_MAX, 999999}, head, sizeof(head)) < sizeof(head));
}
