// The names and ranges of the sensor's settings, as CameraWebServer's `/control` and `/status` know them.
//
// The law: a value outside its range is refused here and never reaches the driver. The driver of the OV2640 does not
// check the frame size's number and would read past its table.
// Sources: esp32-camera, sensors/ov2640.c, ov3660.c, ov5640.c; arduino-esp32, CameraWebServer/app_httpd.cpp.
#pragma once

#include <cstdint>

#include "sizes.h"

namespace vedette {

enum class Sensor : uint8_t { Ov2640, Ov3660, Ov5640, Other };
constexpr int kRanged = 3;  // Other is treated as an OV2640, whose ranges are the narrowest

// In the order of `/status`.
enum class Var : uint8_t {
    Xclk,
    Framesize,
    Quality,
    Brightness,
    Contrast,
    Saturation,
    SpecialEffect,
    WbMode,
    Awb,
    AwbGain,
    Aec,
    Aec2,
    AeLevel,
    AecValue,
    Agc,
    AgcGain,
    Gainceiling,
    Bpc,
    Wpc,
    RawGma,
    Lenc,
    Hmirror,
    Vflip,
    Dcw,
    Colorbar,
    LedIntensity,
};
constexpr int kVars = 26;

struct Range {
    int16_t low;
    int16_t high;
};

const char* sensor_name(Sensor sensor);
Sensor sensor_of(uint16_t pid);      // esp32-camera's `sensor_id_t::PID`
int largest_index(Sensor sensor);    // of its sizes
const char* var_name(Var var);
bool var_of(const char* name, Var& var);
Range range_of(Var var, Sensor sensor);

// Whether it survives a restart. The lamp does not (its heat should be asked for each time), nor does the test picture.
bool is_kept(Var var);

}  // namespace vedette
