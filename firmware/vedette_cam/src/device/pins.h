// Which wire of the camera is on which pin, board by board.
//
// The law: one row for a board, and nothing else in the firmware knows a pin. -1: not connected.
// Choose with `-DVEDETTE_BOARD=kAiThinker`, or in board.h.
// Source: arduino-esp32, libraries/ESP32/examples/Camera/CameraWebServer/camera_pins.h.
#pragma once

#include <cstdint>

namespace vedette {

struct Pins {
    const char* name;
    int8_t pwdn, reset, xclk, sda, scl;
    int8_t d7, d6, d5, d4, d3, d2, d1, d0;
    int8_t vsync, href, pclk;
    int8_t lamp;
};

// clang-format off
//                                name           pwdn rst xclk sda scl  d7  d6  d5  d4  d3  d2  d1  d0 vsy hrf pclk lamp
constexpr Pins kAiThinker     = {"AI-Thinker",      32, -1,  0, 26, 27, 35, 34, 39, 36, 21, 19, 18,  5, 25, 23, 22,  4};
constexpr Pins kWroverKit     = {"WROVER-Kit",      -1, -1, 21, 26, 27, 35, 34, 39, 36, 19, 18,  5,  4, 25, 23, 22, -1};
constexpr Pins kM5Wide        = {"M5Stack wide",    -1, 15, 27, 22, 23, 19, 36, 18, 39,  5, 34, 35, 32, 25, 26, 21,  2};
constexpr Pins kEsp32S3Eye    = {"ESP32-S3-EYE",    -1, -1, 15,  4,  5, 16, 17, 18, 12, 10,  8,  9, 11,  6,  7, 13, -1};
constexpr Pins kXiaoEsp32S3   = {"XIAO ESP32S3",    -1, -1, 10, 40, 39, 48, 11, 12, 14, 16, 18, 17, 15, 38, 47, 13, -1};
constexpr Pins kM5CamS3       = {"M5Stack CamS3",   -1, 21, 11, 17, 41, 13,  4, 10,  5,  7, 16, 15,  6, 42, 18, 12, 14};
constexpr Pins kFireBeetle2S3 = {"FireBeetle 2 S3", -1, -1, 45,  1,  2, 48, 46,  8,  7,  4, 41, 40, 39,  6, 42,  5, -1};
// clang-format on

}  // namespace vedette
