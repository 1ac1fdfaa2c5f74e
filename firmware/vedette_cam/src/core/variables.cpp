#include "variables.h"

#include <cstring>

namespace vedette {

namespace {

struct Entry {
    const char* name;
    Range range[kRanged];  // OV2640, OV3660, OV5640
};

constexpr Range kSwitch{0, 1};

constexpr Entry kEntries[kVars] = {
    // MHz; 5, 10 and 20 harm Wi-Fi on some boards, 8 does not (arduino-esp32#5834)
    {"xclk", {{6, 24}, {6, 24}, {6, 24}}},
    {"framesize", {{0, 15}, {0, 19}, {0, 24}}},
    // 0 to 3 make frames that fit no buffer; the example's page begins at 4 as well
    {"quality", {{4, 63}, {4, 63}, {4, 63}}},
    {"brightness", {{-2, 2}, {-3, 3}, {-3, 3}}},
    {"contrast", {{-2, 2}, {-3, 3}, {-3, 3}}},
    {"saturation", {{-2, 2}, {-4, 4}, {-4, 4}}},
    {"special_effect", {{0, 6}, {0, 6}, {0, 6}}},
    {"wb_mode", {{0, 4}, {0, 4}, {0, 4}}},
    {"awb", {kSwitch, kSwitch, kSwitch}},
    {"awb_gain", {kSwitch, kSwitch, kSwitch}},
    {"aec", {kSwitch, kSwitch, kSwitch}},
    {"aec2", {kSwitch, kSwitch, kSwitch}},
    {"ae_level", {{-2, 2}, {-5, 5}, {-5, 5}}},
    {"aec_value", {{0, 1200}, {0, 1536}, {0, 1920}}},
    {"agc", {kSwitch, kSwitch, kSwitch}},
    {"agc_gain", {{0, 30}, {0, 64}, {0, 64}}},
    {"gainceiling", {{0, 6}, {0, 511}, {0, 511}}},
    {"bpc", {kSwitch, kSwitch, kSwitch}},
    {"wpc", {kSwitch, kSwitch, kSwitch}},
    {"raw_gma", {kSwitch, kSwitch, kSwitch}},
    {"lenc", {kSwitch, kSwitch, kSwitch}},
    {"hmirror", {kSwitch, kSwitch, kSwitch}},
    {"vflip", {kSwitch, kSwitch, kSwitch}},
    {"dcw", {kSwitch, kSwitch, kSwitch}},
    {"colorbar", {kSwitch, kSwitch, kSwitch}},
    {"led_intensity", {{0, 255}, {0, 255}, {0, 255}}},
};

int column_of(Sensor sensor) { return sensor == Sensor::Other ? 0 : static_cast<int>(sensor); }

}  // namespace

const char* sensor_name(Sensor sensor) {
    switch (sensor) {
        case Sensor::Ov2640:
            return "OV2640";
        case Sensor::Ov3660:
            return "OV3660";
        case Sensor::Ov5640:
            return "OV5640";
        case Sensor::Other:
            return "other";
    }
    return "other";
}

Sensor sensor_of(uint16_t pid) {
    switch (pid) {
        case 0x26:
            return Sensor::Ov2640;
        case 0x3660:
            return Sensor::Ov3660;
        case 0x5640:
            return Sensor::Ov5640;
        default:
            return Sensor::Other;
    }
}

int largest_index(Sensor sensor) { return range_of(Var::Framesize, sensor).high; }

const char* var_name(Var var) { return kEntries[static_cast<int>(var)].name; }

bool var_of(const char* name, Var& var) {
    for (int index = 0; index < kVars; ++index) {
        if (strcmp(kEntries[index].name, name) == 0) {
            var = static_cast<Var>(index);
            return true;
        }
    }
    return false;
}

Range range_of(Var var, Sensor sensor) { return kEntries[static_cast<int>(var)].range[column_of(sensor)]; }

bool is_kept(Var var) { return var != Var::LedIntensity && var != Var::Colorbar; }

}  // namespace vedette
