#include "../vedette_cam/src/core/saving.h"
#include "harness.h"

using namespace vedette;

TEST("nothing changed, nothing saved") {
    Saving saving;
    CHECK(!saving.due(kMinute));
    CHECK(!saving.pending());
}

TEST("a change is saved five quiet seconds later, once") {
    Saving saving;
    saving.changed(1000);
    CHECK(!saving.due(5900));
    CHECK(saving.due(6000));
    saving.saved(6000);
    CHECK(!saving.due(kMinute * 5));
}

TEST("a slider that is dragged for an hour costs one save a minute") {
    Saving saving;
    unsigned saves = 0;
    const Millis start = 0xFFFFFFFF - 30 * kMinute;  // across the wrap-around
    for (Millis passed = 0; passed < 60 * kMinute; passed += 100) {
        saving.changed(start + passed);
        if (saving.due(start + passed)) {
            saving.saved(start + passed);
            ++saves;
        }
    }
    CHECK(saves >= 58 && saves <= 60);
}

TEST("a second change soon after a save waits out its minute, and is then saved") {
    Saving saving;
    saving.changed(0);
    saving.saved(5000);
    saving.changed(6000);
    CHECK(!saving.due(64 * kSecond));
    CHECK(saving.due(65 * kSecond));
}
