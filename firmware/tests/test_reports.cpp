#include "../vedette_cam/src/core/reports.h"
#include "harness.h"

using namespace vedette;

namespace {

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

HealthFacts plain(const RestartLog& log) {
    HealthFacts facts{};
    facts.restarts = &log;
    facts.viewer = "";
    return facts;
}

std::string health(const HealthFacts& facts) {
    char text[2048];
    JsonOut json(text, sizeof(text));
    write_health(facts, json);
    CHECK(json.fits());
    return text;
}

}  // namespace

TEST("the status has CameraWebServer's names in its order, and who answers") {
    StatusFacts facts{};
    facts.name = "vedette-a1b2c3";
    facts.board = "AI-Thinker";
    facts.sensor = Sensor::Ov3660;
    facts.sensor_runs = true;
    facts.values[static_cast<int>(Var::Framesize)] = 11;
    facts.values[static_cast<int>(Var::Quality)] = 12;
    facts.values[static_cast<int>(Var::AeLevel)] = -2;
    char text[1024];
    JsonOut json(text, sizeof(text));
    write_status(facts, json);
    CHECK(json.fits());
    CHECK_TEXT(text,
               "{\"firmware\":\"vedette_cam\",\"version\":\"0.1.0\",\"name\":\"vedette-a1b2c3\","
               "\"board\":\"AI-Thinker\",\"sensor\":\"OV3660\",\"resolution\":\"800x600\",\"pixformat\":4,\"xclk\":0,"
               "\"framesize\":11,\"quality\":12,\"brightness\":0,\"contrast\":0,\"saturation\":0,\"special_effect\":0,"
               "\"wb_mode\":0,\"awb\":0,\"awb_gain\":0,\"aec\":0,\"aec2\":0,\"ae_level\":-2,\"aec_value\":0,\"agc\":0,"
               "\"agc_gain\":0,\"gainceiling\":0,\"bpc\":0,\"wpc\":0,\"raw_gma\":0,\"lenc\":0,\"hmirror\":0,"
               "\"vflip\":0,\"dcw\":0,\"colorbar\":0,\"led_intensity\":-1}");
}

TEST("what a sensor that does not run is set to is null, not 0, and its lamp is still its own") {
    StatusFacts facts{};
    facts.name = facts.board = "";
    facts.sensor = Sensor::Ov2640;
    facts.has_lamp = true;
    facts.values[static_cast<int>(Var::LedIntensity)] = 40;
    char text[1024];
    JsonOut json(text, sizeof(text));
    write_status(facts, json);
    CHECK(json.fits());
    CHECK(has(text, "\"sensor\":\"OV2640\",\"resolution\":null,\"pixformat\":4,\"xclk\":null,\"framesize\":null,"));
    CHECK(has(text, "\"led_intensity\":40}"));
    for (int index = 0; index < static_cast<int>(Var::LedIntensity); ++index) {
        CHECK(has(text, ('"' + std::string(var_name(static_cast<Var>(index))) + "\":null,").c_str()));
    }
}

TEST("a sensor that has not answered since boot has no name yet, and one of another kind has") {
    for (const bool runs : {false, true}) {
        StatusFacts facts{};
        facts.name = facts.board = "";
        facts.sensor = Sensor::Other;
        facts.sensor_runs = runs;
        char text[1024];
        JsonOut json(text, sizeof(text));
        write_status(facts, json);
        CHECK(has(text, runs ? "\"sensor\":\"other\"," : "\"sensor\":null,"));
    }
}

TEST("a lamp that is there is said with its brightness") {
    StatusFacts facts{};
    facts.name = facts.board = "";
    facts.has_lamp = true;
    facts.values[static_cast<int>(Var::LedIntensity)] = 40;
    char text[1024];
    JsonOut json(text, sizeof(text));
    write_status(facts, json);
    CHECK(has(text, "\"led_intensity\":40}"));
}

TEST("what health does not know is null") {
    RestartRecord record{};
    const RestartLog log(record);
    const std::string text = health(plain(log));
    CHECK(has(text, "\"rssi_dbm\":null"));
    CHECK(has(text, "\"last_disconnect\":null"));
    CHECK(has(text, "\"temperature_c\":null"));
    CHECK(has(text, "\"last_cause\":null"));
    CHECK(has(text, "\"stream\":{\"viewer\":null,\"viewer_s\":null,"));
    CHECK(has(text, "\"reset_reason\":\"unknown\""));
}

TEST("health says why, in words") {
    RestartRecord record{};
    RestartLog log(record);
    log.allow(Cause::Wifi);
    HealthFacts facts = plain(log);
    facts.uptime_s = 5000000000;
    facts.reset_reason = 9;
    facts.online = true;
    facts.rssi = -67;
    facts.last_reason = 200;
    facts.temperature_c = 61;
    facts.temperature_known = true;
    facts.viewer = "192.168.0.5";
    facts.viewer_s = 63;
    facts.sensor_works = true;
    const std::string text = health(facts);
    CHECK(has(text, "\"uptime_s\":5000000000,\"reset_reason\":\"brownout\""));
    CHECK(has(text, "\"restarts\":{\"total\":1,\"last_cause\":\"wifi\",\"wifi\":1,\"sensor\":0,"));
    CHECK(has(text, "\"rssi_dbm\":-67"));
    CHECK(has(text, "\"last_disconnect\":{\"code\":200,\"name\":\"BEACON_TIMEOUT\",\"meaning\":\"the access point fell "
                    "silent\"}"));
    CHECK(has(text, "\"temperature_c\":61"));
    CHECK(has(text, "\"viewer\":\"192.168.0.5\",\"viewer_s\":63"));
    CHECK(has(text, "\"sensor\":{\"works\":true,"));
}

TEST("every reset reason has a name, and a number beyond them none of its own") {
    CHECK_TEXT(reset_reason_name(1), "power_on");
    CHECK_TEXT(reset_reason_name(6), "task_watchdog");
    CHECK_TEXT(reset_reason_name(15), "cpu_lockup");
    CHECK_TEXT(reset_reason_name(16), "unknown");
    CHECK_TEXT(reset_reason_name(-1), "unknown");
}

TEST("the second viewer is told who has the place and for how long") {
    char text[300];
    JsonOut json(text, sizeof(text));
    write_busy("192.168.0.5", 63, json);
    CHECK_TEXT(text, "{\"error\":{\"code\":\"slot_busy\",\"message\":\"192.168.0.5 has been streaming for 63 s; "
                     "this board serves one viewer at a time\"}}");
}
