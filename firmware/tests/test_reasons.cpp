#include "../vedette_cam/src/core/reasons.h"
#include "harness.h"

using namespace vedette;

TEST("every reason of esp-idf has its own entry, a name and a meaning") {
    // esp_wifi_types_generic.h, wifi_err_reason_t: 1 to 39, 46 to 51, 67, 68, 200 to 212.
    size_t count = 0;
    const Reason* all = all_reasons(count);
    CHECK_EQUAL(count, 39U + 6U + 2U + 13U);
    for (size_t i = 0; i < count; ++i) {
        CHECK(i == 0 || all[i].code > all[i - 1].code);
        CHECK(all[i].name[0] != '\0');
        CHECK(all[i].meaning[0] != '\0');
        CHECK_TEXT(reason_for(all[i].code).name, all[i].name);
    }
}

TEST("a code nobody knows is a link that broke, and keeps its number") {
    const Reason reason = reason_for(199);
    CHECK_EQUAL(reason.code, 199);
    CHECK(reason.remedy == Remedy::Again);
}

TEST("what the Arduino core gives up on has a remedy here") {
    CHECK(reason_for(8).remedy == Remedy::Fresh);
    CHECK(reason_for(202).remedy == Remedy::Password);
    CHECK(reason_for(12).remedy == Remedy::Later);
}

TEST("no pause is longer than ten seconds") {
    for (const Remedy remedy : {Remedy::Again, Remedy::Fresh, Remedy::Later, Remedy::Absent, Remedy::Password}) {
        CHECK(pause_before(remedy) >= kSecond);
        CHECK(pause_before(remedy) <= 10 * kSecond);
    }
}
