#include "../vedette_cam/src/core/request.h"
#include "harness.h"

using namespace vedette;

namespace {

std::string value_of(const char* query, const char* name, Found expected = Found::Yes) {
    char value[16] = "untouched";
    CHECK(query_value(query, name, value, sizeof(value)) == expected);
    return value;
}

}  // namespace

TEST("a value is found by its whole name, wherever it stands") {
    CHECK_TEXT(value_of("var=quality&val=12", "var"), "quality");
    CHECK_TEXT(value_of("var=quality&val=12", "val"), "12");
    CHECK_TEXT(value_of("xval=1&val=2", "val"), "2");
    CHECK_TEXT(value_of("val2=1&val=2&val=3", "val"), "2");
    CHECK_TEXT(value_of("val=", "val"), "");
    CHECK_TEXT(value_of("a&&val=1", "val"), "1");
    CHECK_TEXT(value_of("val=a=b", "val"), "a=b");
}

TEST("what is not there is not found") {
    for (const char* query : {"", "&", "val", "vall=1", "=1", "VAL=1"}) {
        value_of(query, "val", Found::No);
    }
}

TEST("escapes are decoded, broken ones refused") {
    CHECK_TEXT(value_of("s=a%20b+c%26%C3%a9", "s"), "a b c&\xC3\xA9");
    CHECK_TEXT(value_of("s=%0A%AF%fa", "s"), "\n\xAF\xFA");
    for (const char* query : {"s=%", "s=%2", "s=%2&x=1", "s=%zz", "s=%2z", "s=a%00b"}) {
        value_of(query, "s", Found::Bad);
    }
}

TEST("a value that does not fit is refused, not cut") {
    CHECK_TEXT(value_of("s=123456789012345", "s"), "123456789012345");
    value_of("s=1234567890123456", "s", Found::Bad);
}

TEST("what another site's page sends is told from what a page of the board's own does, and from no page's") {
    CHECK(same_origin(nullptr, "192.168.0.5"));
    CHECK(same_origin("http://192.168.0.5", "192.168.0.5"));
    CHECK(same_origin("http://vedette-a1b2c3.local:8080", "vedette-a1b2c3.local:8080"));
    for (const char* origin : {"null", "", "http://", "http://example.com", "https://192.168.0.5", "http://192.168.0.50",
                               "http://192.168.0", "http://192.168.0.5:81", "192.168.0.5"}) {
        CHECK(!same_origin(origin, "192.168.0.5"));
    }
}

TEST("numbers are whole, or none") {
    int32_t number = 7;
    CHECK(parse_number("-12", number));
    CHECK_EQUAL(number, -12);
    CHECK(parse_number("999999999", number));
    CHECK(parse_number("000", number));
    CHECK_EQUAL(number, 0);
    for (const char* text : {"", "-", "+1", "1 ", " 1", "1.0", "1000000000", "a"}) {
        CHECK(!parse_number(text, number));
    }
}
