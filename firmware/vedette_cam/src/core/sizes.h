// Picture sizes: width and height outside, the driver's number inside.
//
// The law: a size is said and stored as WxH. The numbers have meant something else on every second driver and bit
// people each time (esp32-cam-webserver#98, arduino-esp32#10769, #10801); here they are those of esp32-camera 2.0.14
// (November 2024) and newer, and the sketch refuses to compile with another driver.
// Source: esp32-camera, driver/include/sensor.h (`framesize_t`) and driver/sensor.c (`resolution`).
#pragma once

#include <cstddef>
#include <cstdint>

namespace vedette {

struct Size {
    uint16_t width;
    uint16_t height;
};

constexpr bool operator==(Size a, Size b) { return a.width == b.width && a.height == b.height; }

constexpr int kSizes = 25;
constexpr int kNoSize = -1;

Size size_at(int index);  // 0x0 for a number that is none
int index_of(Size size);  // kNoSize for a size that is none

// "800x600", nothing before or after.
bool parse_size(const char* text, Size& size);

// Writes "800x600"; `room` of 12 is enough.
void write_size(Size size, char* text, size_t room);

}  // namespace vedette
