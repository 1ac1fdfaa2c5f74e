// The stream on the wire.
//
// The law: `X-Timestamp` says when the frame was taken, in seconds since boot, with microseconds that are right (the
// example of arduino-esp32 3.x puts 64-bit numbers through `%d`: app_httpd.cpp, `_STREAM_PART`); Content-Length is
// the length. The boundary stands before each part, the header has no lies about a frame rate, and nothing is
// chunked.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vedette {

constexpr char kStreamHead[] =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: multipart/x-mixed-replace;boundary=vedettecam\r\n"
    "Cache-Control: no-store\r\n"
    "Connection: close\r\n"
    "\r\n";

constexpr size_t kPartHeadRoom = 128;
constexpr size_t kTimestampRoom = 32;

struct BootTime {
    int64_t seconds;
    int32_t microseconds;  // 0 to 999,999
};

// Writes "12.000345"; returns its length.
size_t write_timestamp(BootTime taken, char* text, size_t room);

// Writes the boundary and the part's header, up to and with the blank line; returns its length. The JPEG follows.
size_t write_part_head(size_t length, BootTime taken, char* text, size_t room);

}  // namespace vedette
