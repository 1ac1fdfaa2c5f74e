#include "../vedette_cam/src/core/token.h"
#include "harness.h"

using namespace vedette;

namespace {

constexpr char kToken[] = "open-sesame";

}  // namespace

TEST("without a token everybody may enter") {
    CHECK(may_enter("", nullptr, nullptr));
    CHECK(may_enter("", "Bearer anything", "token=x"));
}

TEST("the token may come as bearer, as a password or in the address") {
    CHECK(may_enter(kToken, "Bearer open-sesame", nullptr));
    CHECK(may_enter(kToken, "Basic OiBvcGVu", "token=open-sesame") == false);
    CHECK(may_enter(kToken, "Basic dXNlcjpvcGVuLXNlc2FtZQ==", nullptr));  // user:open-sesame
    CHECK(may_enter(kToken, "Basic Om9wZW4tc2VzYW1l", nullptr));          // :open-sesame
    CHECK(may_enter("a@@@@@@@", "Basic OmFAQEBAQEBA", nullptr));           // :a@@@@@@@, of which half is the digit 0
    CHECK(may_enter(kToken, nullptr, "a=1&token=open-sesame"));
    CHECK(may_enter(kToken, "Digest x", "token=open-sesame"));
}

TEST("anything else is refused") {
    CHECK(!may_enter(kToken, nullptr, nullptr));
    CHECK(!may_enter(kToken, nullptr, "token="));
    CHECK(!may_enter(kToken, nullptr, "token=%zz"));
    CHECK(!may_enter(kToken, nullptr, "token=open-sesamE"));
    CHECK(!may_enter(kToken, nullptr, "token=open-sesame1"));
    CHECK(!may_enter(kToken, nullptr, "token=open-sesam"));
    CHECK(!may_enter(kToken, "Bearer ", nullptr));
    CHECK(!may_enter(kToken, "bearer open-sesame", nullptr));
    CHECK(!may_enter(kToken, "Basic ", nullptr));
    CHECK(!may_enter(kToken, "Basic b3Blbi1zZXNhbWU=", nullptr));  // no colon
    CHECK(!may_enter(kToken, "Basic dXNlcjp3cm9uZw==", nullptr));  // user:wrong
    CHECK(!may_enter(kToken, "Basic !!!!", nullptr));
    CHECK(!may_enter(kToken, ("Basic " + std::string(400, 'A')).c_str(), nullptr));
}

TEST("the comparison knows equal from unequal at every place") {
    const std::string secret = "abcdefgh";
    CHECK(equal_constant_time(secret.c_str(), secret.c_str()));
    CHECK(!equal_constant_time("", secret.c_str()));
    CHECK(!equal_constant_time(secret.c_str(), ""));
    for (size_t place = 0; place < secret.size(); ++place) {
        std::string wrong = secret;
        wrong[place] = 'X';
        CHECK(!equal_constant_time(wrong.c_str(), secret.c_str()));
        CHECK(!equal_constant_time(secret.substr(0, place).c_str(), secret.c_str()));
    }
}

TEST("a token is 8 to 63 printable characters, or none") {
    CHECK(is_good_token(""));
    CHECK(is_good_token("12345678"));
    CHECK(is_good_token(std::string(63, 'x').c_str()));
    CHECK(!is_good_token("1234567"));
    CHECK(!is_good_token(std::string(64, 'x').c_str()));
    CHECK(!is_good_token("with space"));
    CHECK(!is_good_token("umlaut-\xC3\xBC-in-it"));
}
