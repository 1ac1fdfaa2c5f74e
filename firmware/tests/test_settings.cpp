#include "../vedette_cam/src/core/settings.h"

#include <cstring>

#include "harness.h"

using namespace vedette;

namespace {

std::string written(const Settings& settings) {
    char text[Settings::kRoom];
    JsonOut json(text, sizeof(text));
    settings.write(json);
    CHECK(json.fits());
    return text;
}

Settings with(Sensor sensor) {
    Settings settings;
    settings.use_sensor(sensor);
    return settings;
}

}  // namespace

TEST("a size is taken as WxH under both names, and as a number under the driver's") {
    Settings settings = with(Sensor::Ov2640);
    Var var{};
    CHECK(settings.set("resolution", "800x600", var) == Refusal::None);
    CHECK(var == Var::Framesize);
    CHECK_EQUAL(settings.value(Var::Framesize), 11);
    CHECK(settings.set("framesize", "1600x1200", var) == Refusal::None);
    CHECK(settings.set("framesize", "10", var) == Refusal::None);
    CHECK(settings.set("resolution", "10", var) == Refusal::NotANumber);
    CHECK(settings.set("framesize", "801x600", var) == Refusal::OutOfRange);
    CHECK_TEXT(written(settings), "{\"resolution\":\"640x480\"}");
}

TEST("a size the sensor does not have is refused before the driver reads past its table") {
    Settings settings = with(Sensor::Ov2640);
    Var var{};
    CHECK(settings.set("framesize", "16", var) == Refusal::OutOfRange);
    CHECK(settings.set("framesize", "-1", var) == Refusal::OutOfRange);
    CHECK(settings.set("resolution", "2048x1536", var) == Refusal::OutOfRange);
    settings.use_sensor(Sensor::Ov3660);
    CHECK(settings.set("resolution", "2048x1536", var) == Refusal::None);
    settings.use_sensor(Sensor::Ov5640);
    CHECK(settings.set("resolution", "2592x1944", var) == Refusal::None);
}

TEST("every setting takes the ends of its range and nothing beyond, on every sensor") {
    for (const Sensor sensor : {Sensor::Ov2640, Sensor::Ov3660, Sensor::Ov5640, Sensor::Other}) {
        Settings settings = with(sensor);
        for (int index = 0; index < kVars; ++index) {
            const Var var = static_cast<Var>(index);
            const Range range = range_of(var, sensor);
            CHECK(settings.set(var, range.low) == Refusal::None);
            CHECK(settings.set(var, range.high) == Refusal::None);
            CHECK_EQUAL(settings.value(var), range.high);
            CHECK(settings.set(var, range.low - 1) == Refusal::OutOfRange);
            CHECK(settings.set(var, range.high + 1) == Refusal::OutOfRange);
            CHECK_EQUAL(settings.value(var), range.high);
        }
    }
}

TEST("junk is refused instead of becoming 0") {
    Settings settings = with(Sensor::Ov2640);
    Var var{};
    for (const char* junk : {"", "abc", "1a", "1.5", "99999999999", "--1", "0x1", " 1"}) {
        CHECK(settings.set("quality", junk, var) == Refusal::NotANumber);
    }
    CHECK(settings.set("sharpness", "1", var) == Refusal::UnknownName);
    CHECK(!settings.wanted(Var::Quality));
}

TEST("only what was set is kept, and neither the lamp nor the test picture") {
    Settings settings = with(Sensor::Ov3660);
    CHECK_TEXT(written(settings), "{}");
    settings.set(Var::Vflip, 1);
    settings.set(Var::AeLevel, -5);
    settings.set(Var::LedIntensity, 200);
    settings.set(Var::Colorbar, 1);
    CHECK_TEXT(written(settings), "{\"ae_level\":-5,\"vflip\":1}");
}

TEST("all of them, written and read back, are the same, and fit their place") {
    Settings settings = with(Sensor::Ov5640);
    for (int index = 0; index < kVars; ++index) {
        settings.set(static_cast<Var>(index), range_of(static_cast<Var>(index), Sensor::Ov5640).high);
    }
    const std::string first = written(settings);
    Settings again = with(Sensor::Ov5640);
    CHECK(again.read(first.data(), first.size()));
    CHECK_TEXT(written(again), first);
    again.clear();
    CHECK_TEXT(written(again), "{}");
}

TEST("loading takes what fits this sensor and leaves the rest") {
    Settings settings = with(Sensor::Ov2640);
    const char* kept = "{\"resolution\":\"2048x1536\",\"quality\":10,\"brightness\":3,\"later\":7,\"led_intensity\":9,"
                       "\"hmirror\":true,\"vflip\":false}";
    CHECK(settings.read(kept, std::strlen(kept)));
    CHECK_TEXT(written(settings), "{\"quality\":10,\"hmirror\":1,\"vflip\":0}");
    CHECK(!settings.wanted(Var::LedIntensity));
}

TEST("what is not JSON is said to be none, at whatever byte it ends") {
    const std::string whole = "{\"quality\":10,\"resolution\":\"800x600\"}";
    for (size_t length = 0; length < whole.size(); ++length) {
        Settings settings = with(Sensor::Ov2640);
        CHECK(!settings.read(whole.data(), length));
    }
}

TEST("a refusal is explained with the range") {
    char text[120];
    explain(Refusal::OutOfRange, Sensor::Ov2640, "quality", text, sizeof(text));
    CHECK_TEXT(text, "quality takes a whole number from 4 to 63");
    explain(Refusal::OutOfRange, Sensor::Ov3660, "framesize", text, sizeof(text));
    CHECK_TEXT(text, "a size this OV3660 has, as WIDTHxHEIGHT, at most 2048x1536");
    explain(Refusal::NotANumber, Sensor::Ov2640, "resolution", text, sizeof(text));
    CHECK_TEXT(text, "a size this OV2640 has, as WIDTHxHEIGHT, at most 1600x1200");
    explain(Refusal::UnknownName, Sensor::Ov2640, "sharpness", text, sizeof(text));
    CHECK_TEXT(text, "there is no setting of this name");
}

TEST("sensors are known by their driver's number") {
    CHECK(sensor_of(0x26) == Sensor::Ov2640);
    CHECK(sensor_of(0x3660) == Sensor::Ov3660);
    CHECK(sensor_of(0x5640) == Sensor::Ov5640);
    CHECK(sensor_of(0x2145) == Sensor::Other);
    CHECK_TEXT(sensor_name(Sensor::Ov2640), "OV2640");
    CHECK_TEXT(sensor_name(Sensor::Ov3660), "OV3660");
    CHECK_TEXT(sensor_name(Sensor::Ov5640), "OV5640");
    CHECK_TEXT(sensor_name(Sensor::Other), "other");
    CHECK_EQUAL(largest_index(Sensor::Ov2640), 15);
}
