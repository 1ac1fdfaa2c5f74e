// Scripts of Wi-Fi trouble. The stated times: back on the network 20 s after the access point is; a restart 3 minutes
// after the last working connection.
#include "harness.h"
#include "world.h"

using namespace vedette;

namespace {

constexpr Millis kBack = 20 * kSecond;
constexpr Millis kRestart = 3 * kMinute + World::kBoot + 3 * World::kStep;  // the boot belongs to it
constexpr Millis kHour = 60 * kMinute;
constexpr Millis kNearWrap = 0xFFFFFFFF - 30 * kSecond;

void bring_online(World& world) {
    Millis took = 0;
    CHECK(world.run_until_online(kBack, took));
}

// Away for `duration`, then back; checks both stated times.
void away_and_back(World& world, Millis duration) {
    world.reachable = false;
    world.kick(200);
    world.run(duration);
    world.reachable = true;
    Millis took = 0;
    CHECK(world.run_until_online(kBack, took));
    CHECK(world.longest_without <= kRestart);
}

}  // namespace

TEST("a board that finds its network is online after one attempt") {
    World world;
    bring_online(world);
    CHECK_EQUAL(world.attempts, 1U);
    CHECK_EQUAL(world.drops, 0U);
}

TEST("every reason, listed or not, ends in a connection once the access point takes the board back") {
    for (unsigned code = 0; code < 256; ++code) {
        World world;
        bring_online(world);
        world.kick(static_cast<uint8_t>(code));
        Millis took = 0;
        if (!world.run_until_online(kBack, took)) {
            harness::fail(__FILE__, __LINE__, "reason " + std::to_string(code));
        }
        CHECK_EQUAL(world.restarts, 0U);
        CHECK_EQUAL(world.supervisor().last_reason(), code);
    }
}

TEST("every reason, an hour long, ends in a connection within 20 s, with a restart each 3 minutes meanwhile") {
    for (unsigned code = 0; code < 256; ++code) {
        World world;
        bring_online(world);
        world.refusal = static_cast<uint8_t>(code);
        world.refused_after = 1 * kSecond;
        world.reachable = false;
        world.kick(static_cast<uint8_t>(code));
        world.run(kHour);
        CHECK(world.restarts >= 19 && world.restarts <= 20);
        world.reachable = true;
        Millis took = 0;
        if (!world.run_until_online(kBack, took)) {
            harness::fail(__FILE__, __LINE__, "reason " + std::to_string(code));
        }
        CHECK(world.longest_without <= kRestart);
    }
}

TEST("a connection that ends as soon as it stands does not keep the radio busy") {
    World world;
    bring_online(world);
    const unsigned before = world.attempts;
    for (int i = 0; i < 600; ++i) {
        world.run(kSecond);
        world.kick(5);
    }
    CHECK(world.attempts - before <= 60 + 40);  // the pause of 10 s, and the drop each 15 s
}

TEST("an access point gone for half a minute costs no restart") {
    World world;
    bring_online(world);
    away_and_back(world, 30 * kSecond);
    CHECK_EQUAL(world.restarts, 0U);
}

TEST("an access point gone for minutes is found again") {
    for (Millis minutes = 1; minutes <= 10; ++minutes) {
        World world;
        bring_online(world);
        away_and_back(world, minutes * kMinute);
        CHECK_EQUAL(world.restarts, minutes / 3);
    }
}

TEST("an access point gone for hours is found again, and every restart is counted") {
    World world;
    bring_online(world);
    away_and_back(world, 12 * kHour);
    CHECK(world.restarts >= 12 * 19 && world.restarts <= 12 * 20);
    CHECK_EQUAL(world.log().count(Cause::Wifi), world.restarts);
    CHECK_EQUAL(world.log().wifi_in_row(), 0U);
}

TEST("every moment of its return finds the board ready") {
    for (Millis offset = 0; offset < 200 * kSecond; offset += 700) {
        World world;
        bring_online(world);
        away_and_back(world, kMinute + offset);
    }
}

TEST("when the network was away for half an hour, the set-up page opens, and closes when it is back") {
    World world;
    bring_online(world);
    world.reachable = false;
    world.kick(200);
    world.run(20 * kMinute);
    CHECK(!world.portal_open);
    world.run(20 * kMinute);
    CHECK(world.portal_open);
    world.reachable = true;
    bring_online(world);
    world.run(kSecond);
    CHECK(!world.portal_open);
}

TEST("a wrong password opens the set-up page after five tries, and the tries go on") {
    World world;
    world.reachable = false;
    world.refusal = 15;
    world.refused_after = 4 * kSecond;
    world.run(30 * kSecond);
    CHECK(!world.portal_open);
    world.run(30 * kSecond);
    CHECK(world.portal_open);
    const unsigned before = world.attempts;
    world.run(kMinute);
    CHECK(world.attempts >= before + 5);
    world.reachable = true;
    bring_online(world);
    world.run(kSecond);
    CHECK(!world.portal_open);
    CHECK(world.longest_without <= kRestart);
}

TEST("a password refused four times and then taken opens nothing") {
    World world;
    world.reachable = false;
    world.refusal = 202;
    world.run(20 * kSecond);
    world.reachable = true;
    bring_online(world);
    CHECK(!world.portal_open);
    world.kick(202);
    world.run(kMinute);
    CHECK(!world.portal_open);
}

TEST("a network never reached before opens the set-up page after a minute: its name may be mistyped") {
    World world(1000, Credentials::Untried);
    world.reachable = false;
    world.run(59 * kSecond);
    CHECK(!world.portal_open);
    world.run(2 * kSecond);
    CHECK(world.portal_open);
}

TEST("a network that worked once does not open the set-up page after a minute") {
    World world;
    world.reachable = false;
    world.run(2 * kMinute);
    CHECK(!world.portal_open);
}

TEST("the set-up page is still open after the restart") {
    World world(1000, Credentials::Untried);
    world.reachable = false;
    world.run(3 * kMinute + 3 * kSecond);
    CHECK_EQUAL(world.restarts, 1U);
    CHECK(world.portal_open);
    CHECK(world.supervisor().portal_open());
}

TEST("a person at the set-up page has 15 minutes before the restart, and few interruptions") {
    World world(1000, Credentials::Untried);
    world.reachable = false;
    world.guests = 1;
    world.run(14 * kMinute);
    CHECK_EQUAL(world.restarts, 0U);
    CHECK(world.attempts <= 14 * 4);
    world.run(2 * kMinute);
    CHECK_EQUAL(world.restarts, 1U);
}

TEST("a board without credentials opens its set-up page and neither tries nor restarts") {
    World world(1000, Credentials::None);
    world.reachable = false;
    world.run(kHour);
    CHECK(world.portal_open);
    CHECK_EQUAL(world.attempts, 0U);
    CHECK_EQUAL(world.restarts, 0U);
}

TEST("credentials entered at the set-up page are tried after the answer went out") {
    World world(1000, Credentials::None);
    world.guests = 1;
    world.run(kMinute);
    world.put(Credentials::Untried);
    world.run(500);
    CHECK_EQUAL(world.attempts, 0U);
    Millis took = 0;
    CHECK(world.run_until_online(10 * kSecond, took));
    world.run(kSecond);
    CHECK(!world.portal_open);
    CHECK(world.supervisor().credentials() == Credentials::Proven);
}

TEST("a lost address that comes back costs no attempt") {
    World world;
    bring_online(world);
    world.lose_address();
    Millis took = 0;
    CHECK(world.run_until_online(5 * kSecond, took));
    CHECK_EQUAL(world.attempts, 1U);
}

TEST("a lost address that does not come back is fetched with a new connection after 15 s") {
    World world;
    bring_online(world);
    world.gives_address = false;
    world.lose_address();
    world.run(14 * kSecond);
    CHECK_EQUAL(world.drops, 0U);
    world.run(2 * kSecond);
    CHECK_EQUAL(world.drops, 1U);
    world.gives_address = true;
    bring_online(world);
}

TEST("an association without an address ends in a restart after 3 minutes") {
    World world;
    world.gives_address = false;
    world.run(4 * kMinute);
    CHECK_EQUAL(world.restarts, 1U);
    world.gives_address = true;
    bring_online(world);
}

TEST("when no event ever arrives, the address alone tells, and the board still comes back") {
    World world;
    bring_online(world);
    world.events_arrive = false;
    away_and_back(world, 2 * kMinute);
    CHECK_EQUAL(world.supervisor().disconnects(), 0U);
    away_and_back(world, 20 * kMinute);
}

TEST("the board's own leaving is not counted as a disconnect") {
    World world;
    world.gives_address = false;
    world.run(kMinute);
    CHECK(world.drops >= 2);
    CHECK_EQUAL(world.supervisor().disconnects(), 0U);
    CHECK_EQUAL(world.supervisor().drops(), world.drops);
    CHECK_EQUAL(world.supervisor().last_reason(), 0);
}

TEST("of two leavings right after the board left, the second is the access point's") {
    World world;
    world.gives_address = false;
    world.run(18 * kSecond);
    CHECK_EQUAL(world.drops, 1U);
    world.kick(8);
    CHECK_EQUAL(world.supervisor().disconnects(), 1U);
}

TEST("sent away means radio off before the next attempt; a broken link means just an attempt") {
    Supervisor supervisor;
    supervisor.start(0, Credentials::Proven, false);
    CHECK(supervisor.next(0) == Act::Begin);
    supervisor.got_address(1000);
    supervisor.disconnected(2000, 8);
    CHECK(supervisor.next(2900) == Act::None);
    CHECK(supervisor.next(3000) == Act::DropAndBegin);
    supervisor.got_address(6000);
    supervisor.disconnected(7000, 200);
    CHECK(supervisor.next(8000) == Act::Begin);
}

TEST("a drop makes a planned attempt needless") {
    Supervisor supervisor;
    supervisor.start(0, Credentials::Proven, false);
    supervisor.next(0);
    supervisor.disconnected(6000, 5);  // planned for 16 s
    CHECK(supervisor.next(15000) == Act::DropAndBegin);
    CHECK(supervisor.next(16000) == Act::None);
}

TEST("an association that came by itself makes a planned attempt needless") {
    Supervisor supervisor;
    supervisor.start(0, Credentials::Proven, false);
    supervisor.next(0);
    supervisor.disconnected(1000, 200);
    supervisor.associated(1500);
    CHECK(supervisor.next(2500) == Act::None);
}

TEST("an access point that lets the board in and throws it out again does not put off the drop") {
    Supervisor supervisor;
    supervisor.start(0, Credentials::Proven, false);
    unsigned drops = 0;
    for (Millis now = 0; now < kMinute; now += kSecond) {
        if (now % (4 * kSecond) == 0) {
            supervisor.associated(now);
        } else if (now % (4 * kSecond) == kSecond) {
            supervisor.disconnected(now, 4);
        }
        drops += supervisor.next(now) == Act::DropAndBegin ? 1U : 0U;
    }
    CHECK(drops >= 3);
}

TEST("each connection, and each drop, gives the address its 15 s again") {
    Supervisor supervisor;
    supervisor.start(0, Credentials::Proven, false);
    supervisor.next(0);
    supervisor.associated(10 * kSecond);
    CHECK(supervisor.next(24 * kSecond) == Act::None);
    CHECK(supervisor.next(25 * kSecond) == Act::DropAndBegin);
    supervisor.associated(30 * kSecond);
    CHECK(supervisor.next(44 * kSecond) == Act::None);
    supervisor.got_address(44 * kSecond);
    supervisor.disconnected(45 * kSecond, 200);
    CHECK(supervisor.next(46 * kSecond) == Act::Begin);
    supervisor.associated(50 * kSecond);
    CHECK(supervisor.next(64 * kSecond) == Act::None);
    CHECK(supervisor.next(65 * kSecond) == Act::DropAndBegin);
}

TEST("another network entered, and the old one gone before it was left: the next address is the new one's") {
    Supervisor supervisor;
    supervisor.start(0, Credentials::Proven, false);
    supervisor.next(0);
    supervisor.got_address(1000);
    supervisor.credentials_changed(2000);
    supervisor.disconnected(2500, 200);
    CHECK(supervisor.next(3500) == Act::Begin);
    supervisor.got_address(6000);
    CHECK(supervisor.online());
}

TEST("refused passwords count only in a row") {
    Supervisor supervisor;
    supervisor.start(0, Credentials::Proven, false);
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 4; ++i) {
            supervisor.disconnected(0, 15);
        }
        CHECK(supervisor.next(0) != Act::OpenPortal);
        supervisor.got_address(0);
    }
    for (int i = 0; i < 4; ++i) {
        supervisor.disconnected(0, 15);
    }
    supervisor.credentials_changed(0);
    for (int i = 0; i < 4; ++i) {
        supervisor.disconnected(0, 15);
    }
    CHECK(supervisor.next(0) == Act::None);
    supervisor.disconnected(0, 15);
    CHECK(supervisor.next(0) == Act::OpenPortal);
}

TEST("another network entered while online: the old address does not count, and there are three minutes anew") {
    Supervisor supervisor;
    supervisor.start(0, Credentials::Proven, false);
    supervisor.next(0);
    supervisor.got_address(1000);
    const Millis entered = 10 * kMinute;
    supervisor.credentials_changed(entered);
    supervisor.address_is(entered, true);
    CHECK(!supervisor.online());
    CHECK(supervisor.next(entered) == Act::None);
    supervisor.address_is(entered + kSecond, true);
    CHECK(supervisor.next(entered + kSecond) == Act::DropAndBegin);
    CHECK(supervisor.credentials() == Credentials::Untried);
    supervisor.address_is(entered + 5 * kSecond, true);
    CHECK(supervisor.online());
}

TEST("another network entered after minutes without one has its own three minutes") {
    Supervisor supervisor;
    supervisor.start(0, Credentials::Proven, false);
    supervisor.credentials_changed(2 * kMinute);
    CHECK(supervisor.next(4 * kMinute) != Act::Restart);
    while (supervisor.next(5 * kMinute - 1) != Act::None) {
    }
    CHECK(supervisor.next(5 * kMinute) == Act::Restart);
}

TEST("the three minutes of a dead connection begin with its first silence") {
    Supervisor supervisor;
    supervisor.start(0, Credentials::Proven, false);
    supervisor.got_address(0);
    supervisor.gateway_answered(0);
    supervisor.gateway_silent(10 * kSecond);
    supervisor.gateway_silent(60 * kSecond);
    CHECK(supervisor.next(189 * kSecond) != Act::Restart);
    CHECK(supervisor.next(190 * kSecond) == Act::Restart);
}

TEST("one silence and then an answer, or traffic, is no beginning of anything") {
    for (const bool by_ping : {true, false}) {
        Supervisor supervisor;
        supervisor.start(0, Credentials::Proven, false);
        supervisor.got_address(0);
        supervisor.gateway_answered(0);
        supervisor.gateway_silent(kSecond);
        if (by_ping) {
            supervisor.gateway_answered(2 * kSecond);
        } else {
            supervisor.traffic(2 * kSecond);
        }
        CHECK(supervisor.next(10 * kMinute) == Act::AskGateway);
    }
}

TEST("silences that arrive after the connection has ended are not held against the next one") {
    Supervisor supervisor;
    supervisor.start(0, Credentials::Proven, false);
    supervisor.got_address(0);
    supervisor.gateway_answered(0);
    supervisor.disconnected(1000, 200);
    for (int i = 0; i < 3; ++i) {
        supervisor.gateway_silent(1500);
    }
    supervisor.got_address(3000);
    CHECK(supervisor.next(4 * kMinute) == Act::AskGateway);
}

TEST("connected but dead: a gateway that fell silent costs a new connection within a minute") {
    World world;
    bring_online(world);
    world.run(2 * kMinute);
    world.passes_traffic = false;
    world.run(50 * kSecond);
    CHECK_EQUAL(world.drops, 1U);
    world.passes_traffic = true;
    world.run(20 * kSecond);
    CHECK(world.supervisor().online());
    world.run(5 * kMinute);
    CHECK_EQUAL(world.drops, 1U);
    CHECK_EQUAL(world.restarts, 0U);
}

TEST("connected but dead is noticed while somebody looks from the boot on, and frames go out until the end") {
    World world;
    bring_online(world);
    for (int second = 0; second < 600; ++second) {
        world.traffic();
        world.run(kSecond);
    }
    world.passes_traffic = false;
    world.run(50 * kSecond);
    CHECK_EQUAL(world.drops, 1U);
}

TEST("connected but dead for good: one restart 3 minutes after the first silence, and then it is let be") {
    World world;
    bring_online(world);
    world.run(2 * kMinute);
    world.passes_traffic = false;
    world.run(4 * kMinute);
    CHECK_EQUAL(world.restarts, 1U);
    world.run(2 * kHour);
    CHECK_EQUAL(world.restarts, 1U);  // a gateway that has not answered since the boot is not asked to
    world.passes_traffic = true;
    world.run(2 * kMinute);
    CHECK(world.supervisor().online());
}

TEST("a router that ignores pings is no reason to leave it") {
    World world;
    world.answers_pings = false;
    bring_online(world);
    world.run(6 * kHour);
    CHECK_EQUAL(world.drops, 0U);
    CHECK_EQUAL(world.restarts, 0U);
    CHECK(world.questions > 600);
}

TEST("a router that stops answering pings while frames go out is not left") {
    World world;
    bring_online(world);
    world.run(2 * kMinute);
    world.answers_pings = false;
    for (int second = 0; second < 3600; ++second) {
        world.traffic();
        world.run(kSecond);
    }
    CHECK_EQUAL(world.drops, 0U);
    CHECK(world.questions <= 5);
}

TEST("after a dead connection was dropped, a new address alone is not believed") {
    World world;
    bring_online(world);
    world.run(2 * kMinute);
    world.passes_traffic = false;
    world.run(100 * kSecond);
    CHECK(world.drops >= 2);
    world.traffic();
    world.passes_traffic = true;
    world.run(10 * kMinute);
    CHECK_EQUAL(world.restarts, 0U);
}

TEST("through two hours of any trouble, 300 times, both stated times hold") {
    for (uint32_t seed = 1; seed <= 300; ++seed) {
        uint32_t dice = seed * 2654435761U;
        const auto roll = [&dice](uint32_t sides) {
            dice = dice * 1664525U + 1013904223U;
            return (dice >> 16) % sides;
        };
        World world(seed % 2 == 0 ? 1000 : kNearWrap - roll(7200) * kSecond);
        for (int change = 0; change < 120; ++change) {
            switch (roll(8)) {
                case 0:
                case 1:
                    world.kick(static_cast<uint8_t>(roll(256)));
                    break;
                case 2:
                    world.reachable = roll(3) == 0;
                    break;
                case 3:
                    world.gives_address = roll(2) == 0;
                    break;
                case 4:
                    world.answers_pings = roll(2) == 0;
                    break;
                case 5:
                    world.events_arrive = roll(2) == 0;
                    break;
                case 6:
                    world.refusal = static_cast<uint8_t>(roll(256));
                    world.refused_after = 100 * (1 + roll(100));
                    break;
                default:
                    world.lose_address();
                    break;
            }
            world.run(roll(120) * kSecond);
        }
        CHECK(world.longest_without <= kRestart);
        CHECK_EQUAL(world.log().count(Cause::Wifi), world.restarts);
        world.reachable = world.gives_address = world.answers_pings = true;
        Millis took = 0;
        if (!world.run_until_online(kBack, took)) {
            harness::fail(__FILE__, __LINE__, "seed " + std::to_string(seed));
        }
    }
}

TEST("every script holds across the wrap-around of the clock at 49.7 days") {
    for (Millis offset = 0; offset < 5 * kMinute; offset += 13 * kSecond) {
        World world(kNearWrap - offset);
        bring_online(world);
        away_and_back(world, 2 * kMinute);
        CHECK_EQUAL(world.restarts, 0U);
        away_and_back(world, 7 * kMinute);
        CHECK_EQUAL(world.restarts, 2U);
    }
}

TEST("a board online for 60 days is found at work, and still reacts in time") {
    World world(kNearWrap - kHour);
    bring_online(world);
    Supervisor& supervisor = world.supervisor();
    Millis now = world.now();
    for (int minute = 0; minute < 60 * 24 * 60; ++minute) {
        now += kMinute;
        if (supervisor.next(now) == Act::AskGateway) {
            supervisor.gateway_answered(now);
        }
        CHECK(supervisor.next(now) == Act::None);
    }
    supervisor.disconnected(now, 200);
    CHECK(supervisor.next(now) == Act::None);
    CHECK(supervisor.next(now + kSecond) == Act::Begin);
    CHECK(supervisor.next(now + 3 * kMinute) == Act::Restart);
}
