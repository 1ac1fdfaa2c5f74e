#include "sizes.h"

#include <cstdio>

namespace vedette {

namespace {

constexpr Size kTable[kSizes] = {
    {96, 96},     {160, 120},   {128, 128},   {176, 144},   {240, 176},   {240, 240},   {320, 240},
    {320, 320},   {400, 296},   {480, 320},   {640, 480},   {800, 600},   {1024, 768},  {1280, 720},
    {1280, 1024}, {1600, 1200}, {1920, 1080}, {720, 1280},  {864, 1536},  {2048, 1536}, {2560, 1440},
    {2560, 1600}, {1080, 1920}, {2560, 1920}, {2592, 1944},
};

// At most four digits; moves `text` behind them.
bool parse_side(const char*& text, uint16_t& side) {
    unsigned value = 0;
    int digits = 0;
    for (; *text >= '0' && *text <= '9' && digits < 4; ++text, ++digits) {
        value = value * 10 + static_cast<unsigned>(*text - '0');
    }
    side = static_cast<uint16_t>(value);
    return digits > 0;
}

}  // namespace

Size size_at(int index) { return index >= 0 && index < kSizes ? kTable[index] : Size{0, 0}; }

int index_of(Size size) {
    for (int index = 0; index < kSizes; ++index) {
        if (kTable[index] == size) {
            return index;
        }
    }
    return kNoSize;
}

bool parse_size(const char* text, Size& size) {
    Size parsed{};
    if (!parse_side(text, parsed.width) || *text++ != 'x' || !parse_side(text, parsed.height) || *text != '\0') {
        return false;
    }
    size = parsed;
    return true;
}

void write_size(Size size, char* text, size_t room) {
    snprintf(text, room, "%ux%u", static_cast<unsigned>(size.width), static_cast<unsigned>(size.height));
}

}  // namespace vedette
