// Espressif's example: as it is, with a look at the status every five minutes, and with espressif_example/.
#include <array>
#include <cstdio>

#include "../vedette_cam/src/core/reasons.h"
#include "example_board.h"
#include "harness.h"

namespace {

constexpr uint32_t kSecond = ExampleBoard::kSecond;
constexpr uint32_t kMinute = ExampleBoard::kMinute;
constexpr uint32_t kHour = 60 * kMinute;
constexpr uint32_t kAtOnce = 20 * kSecond;   // 15 s, and 3 s to join
constexpr uint32_t kBack = 40 * kSecond;     // 30 s, and 3 s to join, or a boot between
constexpr uint32_t kRestart = 3 * kMinute + ExampleBoard::kBoot + ExampleBoard::kStep;  // the boot belongs to it
constexpr uint32_t kNearWrap = 0xFFFFFFFF - 5 * kMinute;

// Online, and past the first loss since boot, after which the core tries once more whatever the reason.
ExampleBoard settled(Sketch sketch, uint32_t now = 1000) {
    ExampleBoard board(sketch, now);
    board.run(20 * kSecond);
    board.lose(200);
    board.run(20 * kSecond);
    CHECK(board.works());
    board.without = 0;
    board.longest_without = 0;
    return board;
}

// What the core gives up on once it has used its one attempt, as a list of its own.
bool core_gives_up(unsigned code) {
    const bool retried = code <= 7 || code == 9 || (code >= 14 && code <= 17) || code == 23 ||
                         code == 49 || code == 200 || code == 201 || (code >= 203 && code <= 207);
    return !retried;
}

void away(ExampleBoard& board, uint8_t lost, uint8_t refusal, uint32_t duration) {
    board.accepts = false;
    board.refusal = refusal;
    board.lose(lost);
    board.run(duration);
    board.accepts = true;
}

using Script = void (*)(ExampleBoard&);

struct Incident {
    const char* what;
    Script script;
    unsigned network_away;  // minutes in which no board could be online, rounded up as all here
    unsigned as_it_is;
    unsigned five_minutes;
    unsigned patched;
};

void sent_away(ExampleBoard& board) { board.lose(8); }
void unanswered(ExampleBoard& board) { board.lose(34); }
void two_minutes(ExampleBoard& board) { away(board, 200, 201, 2 * kMinute); }
void three_hours(ExampleBoard& board) { away(board, 200, 201, 3 * kHour); }

void busy_after_restart(ExampleBoard& board) {
    away(board, 200, 201, 1 * kMinute);
    board.accepts = false;
    board.refusal = 202;
    board.run(10 * kSecond);
    board.accepts = true;
}

void other_password(ExampleBoard& board) { away(board, 2, 202, 1 * kHour); }
void handshakes_fail(ExampleBoard& board) { away(board, 204, 204, 20 * kMinute); }

void refused_at_boot(ExampleBoard& board) {
    board.accepts = false;
    board.refusal = 202;
    board.boot();
    board.run(1 * kMinute);
    board.accepts = true;
}

void no_address(ExampleBoard& board) {
    board.gives_address = false;
    board.lose_address();
    board.run(30 * kMinute);
    board.gives_address = true;
}

constexpr unsigned kDay = 1440;

const Incident kIncidents[] = {
    {"access point away for 2 minutes", two_minutes, 2, 3, 3, 3},
    {"access point away for 3 hours", three_hours, 180, 181, 181, 181},
    {"handshakes fail for 20 minutes", handshakes_fail, 20, 21, 21, 21},
    {"no address for 30 minutes", no_address, 30, 30, 30, 30},
    {"sent away (8)", sent_away, 0, kDay, kDay, 1},
    {"messages unanswered (34)", unanswered, 0, kDay, kDay, 1},
    {"access point restarts, busy at first (202)", busy_after_restart, 2, kDay, kDay, 2},
    {"password refused for an hour (202)", other_password, 60, kDay, kDay, 61},
    {"power cut, refused at boot (202)", refused_at_boot, 1, kDay, kDay, 2},
};

unsigned minutes_without(Sketch sketch, Script script) {
    ExampleBoard board = settled(sketch);
    script(board);
    const uint32_t day = kDay * kMinute;
    board.run(day - (board.without < day ? board.without : day));
    const unsigned minutes = (board.without + kMinute - 1) / kMinute;
    return board.works() ? minutes : kDay;
}

}  // namespace

TEST("patched: every reason, the first since boot or not, ends in a connection within 20 s") {
    for (unsigned code = 0; code < 256; ++code) {
        for (const bool first : {true, false}) {
            ExampleBoard board = first ? ExampleBoard(Sketch::Patched) : settled(Sketch::Patched);
            board.run(20 * kSecond);
            board.lose(static_cast<uint8_t>(code));
            board.run(kAtOnce);
            if (!board.works()) {
                harness::fail(__FILE__, __LINE__, "reason " + std::to_string(code));
            }
            CHECK_EQUAL(board.restarts, 0U);
        }
    }
}

TEST("patched: every reason, an hour long, ends in a connection within 40 s, with a restart each 3 minutes meanwhile") {
    for (unsigned code = 0; code < 256; ++code) {
        ExampleBoard board = settled(Sketch::Patched);
        away(board, static_cast<uint8_t>(code), static_cast<uint8_t>(code), 1 * kHour);
        CHECK_EQUAL(board.restarts, 19U);  // 60 min / (3 min + 2 s of boot)
        CHECK(board.longest_without <= kRestart);
        board.run(kBack);
        if (!board.works()) {
            harness::fail(__FILE__, __LINE__, "reason " + std::to_string(code));
        }
    }
}

TEST("patched: whenever the access point returns, the board is back within 40 s") {
    for (uint32_t duration = kSecond; duration < 8 * kMinute; duration += kSecond) {
        for (const uint8_t refusal : {uint8_t{8}, uint8_t{201}, uint8_t{202}}) {
            ExampleBoard board = settled(Sketch::Patched);
            away(board, 200, refusal, duration);
            board.run(kBack);
            CHECK(board.works());
        }
    }
}

TEST("patched: what the core heals itself is left to the core") {
    for (const uint8_t reason : {uint8_t{2}, uint8_t{15}, uint8_t{200}, uint8_t{201}}) {
        ExampleBoard board = settled(Sketch::Patched);
        board.lose(reason);
        board.run(10 * kSecond);
        CHECK(board.works());
        CHECK_EQUAL(board.drops, 0U);
    }
}

TEST("patched: a wrong password never ends the attempts") {
    for (const uint8_t reason : {uint8_t{15}, uint8_t{202}, uint8_t{204}}) {
        ExampleBoard board = settled(Sketch::Patched);
        away(board, 2, reason, 12 * kHour);
        CHECK(board.longest_without <= kRestart);
        board.run(kBack);
        CHECK(board.works());
    }
}

TEST("patched: an address that is lost and comes back by itself costs no attempt") {
    ExampleBoard board = settled(Sketch::Patched);
    board.lose_address();
    board.run(5 * kSecond);
    CHECK(board.works());
    CHECK_EQUAL(board.drops, 0U);
}

TEST("patched: without an address the radio goes off and on, then the board restarts") {
    ExampleBoard board = settled(Sketch::Patched);
    board.gives_address = false;
    board.lose_address();
    board.run(16 * kSecond);
    CHECK_EQUAL(board.drops, 1U);
    board.run(kRestart);
    CHECK_EQUAL(board.restarts, 1U);
    board.gives_address = true;
    board.run(kBack);
    CHECK(board.works());
}

TEST("patched: a network that takes 25 s to give an address is reached without a restart") {
    ExampleBoard board(Sketch::Patched);
    board.address_after = 25 * kSecond;
    board.run(1 * kMinute);
    CHECK(board.works());
    CHECK_EQUAL(board.restarts, 0U);
}

TEST("patched: each loss is given the short wait first") {
    ExampleBoard board = settled(Sketch::Patched);
    for (int loss = 0; loss < 3; ++loss) {
        board.lose(8);
        board.run(kAtOnce);
        CHECK(board.works());
    }
    CHECK_EQUAL(board.drops, 3U);
}

TEST("patched: the wrap-around of the clock changes nothing, wherever in an outage it falls") {
    ExampleBoard elsewhere = settled(Sketch::Patched);
    away(elsewhere, 200, 202, 7 * kMinute);
    for (uint32_t shift = 0; shift < 10 * kMinute; shift += 7 * kSecond) {
        ExampleBoard board = settled(Sketch::Patched, kNearWrap - shift);
        board.run(3 * kMinute);
        CHECK_EQUAL(board.without, 0U);
        away(board, 200, 202, 7 * kMinute);
        CHECK_EQUAL(board.drops, elsewhere.drops);
        CHECK_EQUAL(board.restarts, 2U);
        CHECK(board.longest_without <= kRestart);
        board.run(kBack);
        CHECK(board.works());
    }
}

TEST("patched: a board that is online for 60 days is left alone") {
    StayConnected patch;
    patch.start(0);
    uint32_t now = 0;
    for (uint32_t passed = 0; passed < 60 * 1440; ++passed) {
        now += kMinute;  // wraps around once
        CHECK_EQUAL(patch.check(now, true), StayConnected::kNothing);
    }
    CHECK_EQUAL(patch.check(now + 14 * kSecond, false), StayConnected::kNothing);
    CHECK_EQUAL(patch.check(now + 15 * kSecond, false), StayConnected::kDropAndBegin);
}

TEST("patched: before its start it does nothing, however late") {
    StayConnected patch;
    CHECK_EQUAL(patch.check(24 * kHour, false), StayConnected::kNothing);
}

TEST("the five-minute check is offline for good after each reason the core gives up on") {
    for (unsigned code = 0; code < 256; ++code) {
        ExampleBoard board = settled(Sketch::FiveMinutes);
        board.lose(static_cast<uint8_t>(code));
        board.run(1 * kHour);  // twelve looks, and nothing under way between them
        if (board.works() == core_gives_up(code)) {
            harness::fail(__FILE__, __LINE__, "reason " + std::to_string(code));
        }
        CHECK_EQUAL(board.begins_by_check, 0U);
    }
}

TEST("of the 60 reasons that have a name, 39 leave the five-minute check offline, as espressif_example/README.md says") {
    size_t count = 0;
    const vedette::Reason* reasons = vedette::all_reasons(count);
    unsigned offline = 0;
    for (size_t index = 0; index < count; ++index) {
        ExampleBoard board = settled(Sketch::FiveMinutes);
        board.lose(reasons[index].code);
        board.run(1 * kHour);
        offline += board.works() ? 0 : 1;
    }
    CHECK_EQUAL(count, 60U);
    CHECK_EQUAL(offline, 39U);
}

TEST("the five-minute check begins only where the core is at it already") {
    ExampleBoard board = settled(Sketch::FiveMinutes);
    handshakes_fail(board);
    CHECK(board.begins_by_check > 0);
    ExampleBoard as_it_is = settled(Sketch::AsItIs);
    handshakes_fail(as_it_is);
    board.run(kBack);
    as_it_is.run(kBack);
    CHECK(board.works());
    CHECK_EQUAL(board.without, as_it_is.without);
}

TEST("the example waits in setup for good when it is refused twice at boot, and no check runs there") {
    ExampleBoard board(Sketch::FiveMinutes);
    refused_at_boot(board);
    board.run(24 * kHour);
    CHECK(board.in_setup());
    CHECK(!board.works());
}

TEST("connected but dead is noticed by none of the three") {
    for (const Sketch sketch : {Sketch::AsItIs, Sketch::FiveMinutes, Sketch::Patched}) {
        ExampleBoard board = settled(sketch);
        board.passes_traffic = false;
        board.run(1 * kHour);
        CHECK_EQUAL(board.without, kHour);
        CHECK_EQUAL(board.drops + board.restarts + board.begins_by_check, 0U);
    }
}

TEST("a day after each incident: minutes offline, as printed and as espressif_example/README.md has them") {
    std::array<unsigned, 4> sum{};
    std::printf("minutes offline of the day after    network  as it is  five-minute check  stay_connected.h\n");
    for (const Incident& incident : kIncidents) {
        const unsigned as_it_is = minutes_without(Sketch::AsItIs, incident.script);
        const unsigned five_minutes = minutes_without(Sketch::FiveMinutes, incident.script);
        const unsigned patched = minutes_without(Sketch::Patched, incident.script);
        std::printf("  %-44s %5u  %8u  %17u  %16u\n", incident.what, incident.network_away, as_it_is, five_minutes,
                    patched);
        CHECK_EQUAL(as_it_is, incident.as_it_is);
        CHECK_EQUAL(five_minutes, incident.five_minutes);
        CHECK_EQUAL(patched, incident.patched);
        sum[0] += incident.network_away;
        sum[1] += as_it_is;
        sum[2] += five_minutes;
        sum[3] += patched;
    }
    std::printf("  %-44s %5u  %8u  %17u  %16u\n", "sum", sum[0], sum[1], sum[2], sum[3]);
}
