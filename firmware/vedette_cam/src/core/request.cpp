#include "request.h"

#include <cstring>

namespace vedette {

namespace {

constexpr int kDigits = 9;  // fits 32 bits

int hex_digit(char character) {
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    if (character >= 'a' && character <= 'f') {
        return character - 'a' + 10;
    }
    if (character >= 'A' && character <= 'F') {
        return character - 'A' + 10;
    }
    return -1;
}

// One byte of an encoded value; moves `at` behind it. False for a broken escape or a zero byte.
bool decode_byte(const char*& at, const char* end, char& byte) {
    if (*at != '%') {
        byte = *at == '+' ? ' ' : *at;
        ++at;
        return true;
    }
    if (end - at < 3) {
        return false;
    }
    const int high = hex_digit(at[1]);
    const int low = hex_digit(at[2]);
    at += 3;
    byte = static_cast<char>(high * 16 + low);
    return high >= 0 && low >= 0 && byte != '\0';
}

Found decode(const char* at, const char* end, char* value, size_t room) {
    size_t length = 0;
    while (at != end) {
        char byte = '\0';
        if (length + 1 >= room || !decode_byte(at, end, byte)) {
            return Found::Bad;
        }
        value[length++] = byte;
    }
    value[length] = '\0';
    return Found::Yes;
}

}  // namespace

Found query_value(const char* query, const char* name, char* value, size_t room) {
    const size_t name_length = strlen(name);
    const char* at = query;
    while (*at != '\0') {
        const char* end = at + strcspn(at, "&");
        const bool has_room = static_cast<size_t>(end - at) > name_length;
        if (has_room && at[name_length] == '=' && memcmp(at, name, name_length) == 0) {
            return decode(at + name_length + 1, end, value, room);
        }
        at = *end == '&' ? end + 1 : end;
    }
    return Found::No;
}

bool same_origin(const char* origin, const char* host) {
    constexpr char kHttp[] = "http://";
    constexpr size_t kLength = sizeof(kHttp) - 1;
    return origin == nullptr || (strncmp(origin, kHttp, kLength) == 0 && strcmp(origin + kLength, host) == 0);
}

bool parse_number(const char* text, int32_t& number) {
    const bool negative = *text == '-';
    const char* at = negative ? text + 1 : text;
    int32_t value = 0;
    int digits = 0;
    for (; *at >= '0' && *at <= '9'; ++at) {
        if (++digits > kDigits) {
            return false;
        }
        value = value * 10 + (*at - '0');
    }
    if (digits == 0 || *at != '\0') {
        return false;
    }
    number = negative ? -value : value;
    return true;
}

}  // namespace vedette
