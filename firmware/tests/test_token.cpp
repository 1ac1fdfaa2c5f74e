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
    CHECK(!may_enter(kToken, "Bearer", nullptr));
    CHECK(!may_enter(kToken, "Beareropen-sesame", nullptr));
    CHECK(!may_enter(kToken, "Bearers open-sesame", nullptr));
    CHECK(!may_enter(kToken, "BEAR", nullptr));
    CHECK(!may_enter(kToken, "", nullptr));
    CHECK(!may_enter(kToken, "Basic ", nullptr));
    CHECK(!may_enter(kToken, "Basic b3Blbi1zZXNhbWU=", nullptr));  // no colon
    CHECK(!may_enter(kToken, "Basic dXNlcjp3cm9uZw==", nullptr));  // user:wrong
    CHECK(!may_enter(kToken, "Basic !!!!", nullptr));
    CHECK(!may_enter(kToken, ("Basic " + std::string(400, 'A')).c_str(), nullptr));
}

TEST("the case of the scheme says nothing, that of the token does") {
    for (const char* scheme : {"bearer", "BEARER", "bEaReR", "Bearer "}) {
        CHECK(may_enter(kToken, (std::string(scheme) + " open-sesame").c_str(), nullptr));
        CHECK(!may_enter(kToken, (std::string(scheme) + " Open-sesame").c_str(), nullptr));
    }
    for (const char* scheme : {"basic", "BASIC", "Basic  "}) {
        CHECK(may_enter(kToken, (std::string(scheme) + " dXNlcjpvcGVuLXNlc2FtZQ==").c_str(), nullptr));
        CHECK(!may_enter(kToken, (std::string(scheme) + " dXNlcjpPcGVuLXNlc2FtZQ==").c_str(), nullptr));
    }
}

TEST("a user name may be as long as it likes") {
    for (const size_t length : {3U, 60U, 120U, 126U, 600U, 30000U}) {
        std::string name;
        while (name.size() < length * 4 / 3) {
            name += "YWFh";  // aaa
        }
        CHECK(may_enter(kToken, ("Basic " + name + "Om9wZW4tc2VzYW1l").c_str(), nullptr));
        CHECK(!may_enter(kToken, ("Basic " + name + "Om9wZW4tc2VzYW1F").c_str(), nullptr));  // open-sesamE
    }
}

TEST("what stands behind the first colon is the password, whole") {
    CHECK(may_enter("a:b:c:d:", "Basic dTphOmI6YzpkOg==", nullptr));         // u:a:b:c:d:
    CHECK(!may_enter("b:c:d:ef", "Basic dTphOmI6YzpkOmVm", nullptr));        // u:a:b:c:d:ef
    CHECK(!may_enter(kToken, "Basic dTpvcGVuLXNlc2FtZQAx", nullptr));        // u:open-sesame, a zero, 1
    CHECK(!may_enter(kToken, "Basic dTpvcGVuLXNlc2FtZQA=", nullptr));        // u:open-sesame, a zero
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
