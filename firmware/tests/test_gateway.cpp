#include "../vedette_cam/src/core/gateway.h"
#include "harness.h"

using namespace vedette;

TEST("nothing is asked without a connection") {
    GatewayCheck check;
    CHECK(!check.wants_to_ask(10 * kMinute));
    check.silent(10 * kMinute);
    CHECK(!check.in_doubt());
}

TEST("a question is asked once, until it is answered or not") {
    GatewayCheck check;
    check.connected(0);
    CHECK(!check.wants_to_ask(29 * kSecond));
    CHECK(check.wants_to_ask(30 * kSecond));
    CHECK(!check.wants_to_ask(89 * kSecond));
    check.answered(91 * kSecond);
    CHECK(check.wants_to_ask(121 * kSecond));
}

TEST("three silences of a gateway that has answered before are its death, one answer between is not") {
    GatewayCheck check;
    check.connected(0);
    check.answered(0);
    check.silent(1000);
    check.silent(2000);
    check.answered(3000);
    check.silent(4000);
    check.silent(5000);
    CHECK(!check.dead());
    check.silent(6000);
    CHECK(check.dead());
    CHECK(check.distrusted());
}

TEST("in doubt it asks each five seconds") {
    GatewayCheck check;
    check.connected(0);
    check.answered(0);
    CHECK(check.wants_to_ask(30 * kSecond));
    check.silent(31 * kSecond);
    CHECK(!check.wants_to_ask(35 * kSecond));
    CHECK(check.wants_to_ask(36 * kSecond));
}

TEST("an answer to the question of a connection that is gone changes nothing") {
    GatewayCheck check;
    check.connected(0);
    check.answered(0);
    check.disconnected();
    check.silent(1);
    check.silent(2);
    check.silent(3);
    CHECK(!check.dead());
    check.answered(4);
    CHECK(!check.wants_to_ask(5 * kMinute));
}

TEST("a question open when the connection ended does not keep the next one from being asked") {
    GatewayCheck check;
    check.connected(0);
    CHECK(check.wants_to_ask(30 * kSecond));
    check.disconnected();
    check.connected(31 * kSecond);
    CHECK(check.wants_to_ask(61 * kSecond));
}

TEST("an answer makes room for the next question") {
    GatewayCheck check;
    check.connected(0);
    CHECK(check.wants_to_ask(30 * kSecond));
    check.answered(31 * kSecond);
    CHECK(check.wants_to_ask(61 * kSecond));
}

TEST("frames that go out from the first second on do not put off the first question, but all after its answer") {
    GatewayCheck check;
    check.connected(0);
    unsigned questions = 0;
    for (Millis now = 0; now < 10 * kMinute; now += kSecond) {
        check.traffic(now);
        if (check.wants_to_ask(now)) {
            ++questions;
            CHECK_EQUAL(now, 30 * kSecond);
            check.answered(now);
        }
    }
    CHECK_EQUAL(questions, 1U);
}

TEST("a gateway that never answers is asked twice a minute while frames go out, and nothing follows from it") {
    GatewayCheck check;
    check.connected(0);
    unsigned questions = 0;
    for (Millis now = 0; now < 10 * kMinute; now += kSecond) {
        check.traffic(now);
        if (check.wants_to_ask(now)) {
            ++questions;
            check.silent(now);
        }
        CHECK(!check.in_doubt());
    }
    CHECK(questions >= 18 && questions <= 20);
}

TEST("a question nobody ever reports on is asked again after a minute") {
    GatewayCheck check;
    check.connected(0);
    CHECK(check.wants_to_ask(30 * kSecond));
    CHECK(!check.wants_to_ask(89 * kSecond));
    CHECK(check.wants_to_ask(90 * kSecond));
}

TEST("after a death the next connection is in doubt at once, until something is heard") {
    GatewayCheck check;
    check.connected(0);
    check.answered(0);
    check.silent(0);
    check.silent(0);
    check.silent(0);
    check.disconnected();
    check.connected(0);
    CHECK(!check.dead());
    CHECK(check.wants_to_ask(5 * kSecond));
    check.traffic(6 * kSecond);
    CHECK(!check.distrusted());
    CHECK(!check.in_doubt());
}
