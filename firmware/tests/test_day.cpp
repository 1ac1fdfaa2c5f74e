// The day of tests/day.script: what vedette_cam promises holds all day long, from whichever hour it begins.
#include "day.h"

#include <fstream>
#include <sstream>

#include "example_board.h"
#include "harness.h"
#include "world.h"

using day::Behaviour;
using day::Stretch;
using day::Trouble;

namespace {

constexpr uint32_t kSecond = 1000;
constexpr uint32_t kMinute = 60 * kSecond;
constexpr uint32_t kBack = 20 * kSecond;
constexpr uint32_t kBackPatched = 40 * kSecond;  // the 30 s between its attempts, and 3 s to join; or a boot
constexpr uint32_t kNoticed = 60 * kSecond;      // a connection that is dead, and is then made anew
constexpr uint32_t kRestart = 3 * kMinute + vedette::World::kStep;

std::vector<Trouble> script() {
    std::ifstream text("tests/day.script");
    std::vector<Trouble> troubles;
    std::string mistake = "tests/day.script: cannot be opened";
    if (!text || !day::read_script(text, troubles, mistake)) {
        harness::fail(__FILE__, __LINE__, mistake);
    }
    return troubles;
}

bool is_readable(const std::string& line) {
    std::istringstream text(line);
    std::vector<Trouble> troubles;
    std::string mistake;
    return day::read_script(text, troubles, mistake);
}

Condition condition_at(const std::vector<Stretch>& stretches, uint32_t moment) {
    Condition found = stretches.front().condition;
    for (const Stretch& stretch : stretches) {
        found = stretch.at <= moment ? stretch.condition : found;
    }
    return found;
}

bool has_wifi(Condition condition) { return condition == Condition::Up || condition == Condition::Dead; }

// The longest time without an address and without a restart.
uint32_t longest_without_wifi(const std::vector<Stretch>& stretches) {
    uint32_t longest = 0;
    uint32_t since = 0;
    for (size_t index = 0; index < stretches.size(); ++index) {
        const Stretch& stretch = stretches[index];
        const uint32_t end = index + 1 < stretches.size() ? stretches[index + 1].at : day::kDay;
        if (has_wifi(stretch.condition) || stretch.condition == Condition::Rebooting) {
            since = end;
        }
        longest = end - since > longest ? end - since : longest;
    }
    return longest;
}

// Whether the board is up at each moment at which the network has been there for `limit`, and nobody has forgotten it
// or sent it away since.
bool is_back_within(uint32_t limit, const std::vector<Trouble>& troubles, const std::vector<Stretch>& board) {
    const std::vector<Stretch> network = day::network(troubles);
    uint32_t there_since = 0;
    for (uint32_t now = 0; now < day::kDay; now += kSecond / 2) {
        for (const Trouble& trouble : troubles) {
            const bool kicked = now >= trouble.at && now <= trouble.end() &&
                                (trouble.every == 0 || (now - trouble.at) % trouble.every == 0);
            there_since = trouble.kind == day::Kind::Kick && kicked ? now : there_since;
            const uint32_t noticed = trouble.at + kNoticed;
            there_since = trouble.kind == day::Kind::Forgotten && now >= trouble.at && now < noticed ? now : there_since;
        }
        there_since = condition_at(network, now) == Condition::Up ? there_since : now;
        if (now - there_since > limit && condition_at(board, now) != Condition::Up) {
            return false;
        }
    }
    return true;
}

uint32_t minutes_offline(const std::vector<Stretch>& stretches) {
    uint32_t sum = 0;
    for (size_t index = 0; index < stretches.size(); ++index) {
        const uint32_t end = index + 1 < stretches.size() ? stretches[index + 1].at : day::kDay;
        sum += stretches[index].condition == Condition::Up ? 0 : end - stretches[index].at;
    }
    return sum / kMinute;
}

}  // namespace

TEST("the day: vedette_cam is never more than 3 minutes without Wi-Fi and without a restart") {
    for (unsigned hour = 0; hour < 24; ++hour) {
        CHECK(longest_without_wifi(day::play(day::begun_at(script(), hour), Behaviour::VedetteCam)) <= kRestart);
    }
}

TEST("the day: vedette_cam is back within 20 s of the access point, and a dead connection is left within a minute") {
    const std::vector<Trouble> troubles = script();
    CHECK(is_back_within(kBack, troubles, day::play(troubles, Behaviour::VedetteCam)));
}

TEST("the day: the patched example is back within 40 s, but where a connection is dead") {
    std::vector<Trouble> troubles;
    for (const Trouble& trouble : script()) {
        if (trouble.kind != day::Kind::Forgotten) {
            troubles.push_back(trouble);
        }
    }
    CHECK(is_back_within(kBackPatched, troubles, day::play(troubles, Behaviour::Patched)));
    CHECK(!is_back_within(kBack, troubles, day::play(troubles, Behaviour::Example)));
}

TEST("the day: Espressif's example, with the five-minute check or without, ends it with nobody trying") {
    for (unsigned hour = 0; hour < 24; ++hour) {
        for (const Behaviour behaviour : {Behaviour::Example, Behaviour::FiveMinutes}) {
            const std::vector<Stretch> board = day::play(day::begun_at(script(), hour), behaviour);
            CHECK(board.back().condition == Condition::Waiting);
        }
    }
}

TEST("the day without trouble: every board is up from its first connection on") {
    for (const Behaviour behaviour :
         {Behaviour::VedetteCam, Behaviour::Example, Behaviour::FiveMinutes, Behaviour::Patched}) {
        const std::vector<Stretch> board = day::play({}, behaviour);
        CHECK(board.back().condition == Condition::Up);
        CHECK(board.back().at <= 6 * kSecond);
    }
}

TEST("the day begun at another hour has the same troubles, and takes the same minutes from the network") {
    const std::vector<Trouble> troubles = script();
    for (unsigned hour = 0; hour < 24; ++hour) {
        const std::vector<Trouble> turned = day::begun_at(troubles, hour);
        CHECK_EQUAL(turned.size(), troubles.size());
        CHECK_EQUAL(minutes_offline(day::network(turned)), minutes_offline(day::network(troubles)));
    }
}

TEST("a script: what is forgotten is remembered when the board joins anew, and when its time is over") {
    Trouble forgotten;
    forgotten.kind = day::Kind::Forgotten;
    forgotten.at = kMinute;
    forgotten.lasts = 30 * kMinute;
    const std::vector<Stretch> ours = day::play({forgotten}, Behaviour::VedetteCam);
    CHECK(condition_at(ours, forgotten.at + 30 * kSecond) == Condition::Dead);
    CHECK(condition_at(ours, forgotten.at + kNoticed) == Condition::Up);
    const std::vector<Stretch> example = day::play({forgotten}, Behaviour::Example);
    CHECK(condition_at(example, forgotten.end() - kSecond) == Condition::Dead);
    CHECK(condition_at(example, forgotten.end() + kSecond) == Condition::Up);
}

TEST("a script: lines that say too little, too much or nonsense are refused") {
    CHECK(is_readable("01:10:00 away 200 201 40m - title"));
    CHECK(is_readable("# 25:99"));
    for (const char* line : {
             "25:00:00 kick 8 - - - title",
             "01:00 kick 8 - - - title",
             "01:00:00 kick 256 - - - title",
             "01:00:00 kick - - - - title",
             "01:00:00 kick 8 - 5m - how often?",
             "01:00:00 away 200 - 5m - refused with what?",
             "01:00:00 away 200 201 5h - title",
             "01:30:00 away 200 201 31m - over the hour",
             "01:00:00 dead - - - - for how long?",
             "01:00:00 shaken 8 - - - title",
             "01:00:00 kick 8 - - -",
         }) {
        if (is_readable(line)) {
            harness::fail(__FILE__, __LINE__, line);
        }
    }
    CHECK(!is_readable("01:00:00 dead - - 5m - title\n01:04:00 dead - - 5m - another in its midst"));
}
