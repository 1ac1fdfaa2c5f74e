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

// As `/control` does, with a sensor that takes everything.
Refusal control(Settings& settings, const char* name, const char* value) {
    Wish wish{};
    const Refusal refusal = settings.understand(name, value, wish);
    if (refusal == Refusal::None) {
        settings.keep(wish);
    }
    return refusal;
}

}  // namespace

TEST("a size is taken as WxH under both names, and as a number under the driver's") {
    Settings settings = with(Sensor::Ov2640);
    CHECK(control(settings, "resolution", "800x600") == Refusal::None);
    CHECK_EQUAL(settings.value(Var::Framesize), 11);
    CHECK(control(settings, "framesize", "1600x1200") == Refusal::None);
    CHECK(control(settings, "framesize", "10") == Refusal::None);
    CHECK(control(settings, "resolution", "10") == Refusal::NotANumber);
    CHECK(control(settings, "framesize", "801x600") == Refusal::OutOfRange);
    CHECK_TEXT(written(settings), "{\"resolution\":\"640x480\"}");
}

TEST("a size the sensor does not have is refused before the driver reads past its table") {
    Settings settings = with(Sensor::Ov2640);
    CHECK(control(settings, "framesize", "16") == Refusal::OutOfRange);
    CHECK(control(settings, "framesize", "-1") == Refusal::OutOfRange);
    CHECK(control(settings, "resolution", "2048x1536") == Refusal::OutOfRange);
    settings.use_sensor(Sensor::Ov3660);
    CHECK(control(settings, "resolution", "2048x1536") == Refusal::None);
    settings.use_sensor(Sensor::Ov5640);
    CHECK(control(settings, "resolution", "2592x1944") == Refusal::None);
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
    for (const char* junk : {"", "abc", "1a", "1.5", "99999999999", "--1", "0x1", " 1"}) {
        CHECK(control(settings, "quality", junk) == Refusal::NotANumber);
    }
    CHECK(control(settings, "sharpness", "1") == Refusal::UnknownName);
    CHECK(!settings.wanted(Var::Quality));
}

TEST("what was understood is not kept until the sensor has taken it") {
    Settings settings = with(Sensor::Ov2640);
    settings.set(Var::Quality, 10);
    Wish wish{};
    CHECK(settings.understand("quality", "12", wish) == Refusal::None);
    CHECK_EQUAL(settings.value(Var::Quality), 10);
    CHECK(settings.understand("resolution", "800x600", wish) == Refusal::None);
    CHECK(wish.var == Var::Framesize);
    CHECK_EQUAL(wish.value, 11);
    CHECK(!settings.wanted(Var::Framesize));
    CHECK_TEXT(written(settings), "{\"quality\":10}");
    settings.keep(wish);
    CHECK_TEXT(written(settings), "{\"resolution\":\"800x600\",\"quality\":10}");
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
                       "\"hmirror\":true,\"vflip\":false,\"dcw\":\"x\"}";
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
