#include "../vedette_cam/src/core/json_in.h"
#include "../vedette_cam/src/core/json_out.h"

#include <vector>

#include "harness.h"

using namespace vedette;

namespace {

bool reads(const std::string& json) {
    // A copy of exactly that size: the sanitizer sees a byte read past it.
    const std::vector<char> bytes(json.begin(), json.end());
    JsonIn in(bytes.data(), bytes.size());
    JsonIn::Pair pair{};
    JsonIn::Got got = in.next(pair);
    for (; got == JsonIn::Got::Pair; got = in.next(pair)) {
    }
    CHECK(in.next(pair) == got);
    return got == JsonIn::Got::End;
}

}  // namespace

TEST("a document is written with its commas and escapes") {
    char text[200];
    JsonOut json(text, sizeof(text));
    json.open().number("a", -5).text("b", "q\"\\\n\x01").open("c").flag("d", true).flag("e", false).close();
    json.open("f").close().null("g").text("h", nullptr).number("big", 1234567890123).close();
    CHECK_TEXT(text, "{\"a\":-5,\"b\":\"q\\\"\\\\\\u000a\\u0001\",\"c\":{\"d\":true,\"e\":false},\"f\":{},"
                     "\"g\":null,\"h\":null,\"big\":1234567890123}");
    CHECK(json.fits());
    CHECK_EQUAL(json.length(), std::string(text).size());
}

TEST("what does not fit is left out, says so, and writes nothing past the end") {
    for (size_t room = 0; room < 24; ++room) {
        std::vector<char> text(room);
        JsonOut json(text.data(), room);
        json.open().number("abc", 123).text("d", "efgh").close();
        CHECK(json.fits() == (room >= 23));
        CHECK(room == 0 || text[json.length()] == '\0');
    }
}

TEST("nothing written is an empty text that fits, where there is room for one") {
    char text[4] = "abc";
    const JsonOut json(text, sizeof(text));
    CHECK_TEXT(json.c_str(), "");
    CHECK(json.fits());
    CHECK(!JsonOut(text, 0).fits());
}

TEST("flat objects are read, with or without spaces") {
    CHECK(reads("{}"));
    CHECK(reads(" { } \n"));
    CHECK(reads("{\"a\":\"b c\"}"));
    CHECK(reads(" { \"a\" : 1 ,\n\"b\":\"x\" , \"c\" : true,\"d\":false,\"e\":-12 } "));
}

TEST("anything else is an error") {
    for (const char* json : {"", "[]", "{", "}", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1 \"b\":2}",
                             "{\"a\":1}x", "{\"a\":1.5}", "{\"a\":1e3}", "{\"a\":null}", "{\"a\":{}}", "{\"a\":[1]}",
                             "{a:1}", "{\"a\":-}", "{\"a\":tru}", "{\"a\":1234567890}", "{\"a\":\"\\n\"}",
                             "{\"a\":\"b}", "{\"abcdefghijklmnopqrstuvwxyz\":1}",
                             "{\"a\":\"abcdefghijklmnopqrstuvwxyz\"}"}) {
        if (reads(json)) {
            harness::fail(__FILE__, __LINE__, json);
        }
    }
}
