#include "token.h"

#include <cstdint>
#include <cstring>

#include "request.h"

namespace vedette {

namespace {

constexpr char kBearer[] = "Bearer ";
constexpr char kBasic[] = "Basic ";

bool begins_with(const char* text, const char* start) { return strncmp(text, start, strlen(start)) == 0; }

int base64_digit(char character) {
    static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char* found = character == '\0' ? nullptr : strchr(kAlphabet, character);
    return found == nullptr ? -1 : static_cast<int>(found - kAlphabet);
}

// False for a character that does not belong there, and for more than fits.
bool decode_base64(const char* encoded, char* text, size_t room) {
    size_t length = 0;
    uint32_t bits = 0;
    int count = 0;
    for (; *encoded != '\0' && *encoded != '='; ++encoded) {
        const int digit = base64_digit(*encoded);
        if (digit < 0) {
            return false;
        }
        bits = (bits << 6) | static_cast<uint32_t>(digit);
        count += 6;
        if (count < 8) {
            continue;
        }
        count -= 8;
        if (length + 1 >= room) {
            return false;
        }
        text[length++] = static_cast<char>((bits >> count) & 0xFF);
    }
    text[length] = '\0';
    return true;
}

bool basic_password_is(const char* encoded, const char* token) {
    char pair[2 * kTokenRoom];
    if (!decode_base64(encoded, pair, sizeof(pair))) {
        return false;
    }
    const char* colon = strchr(pair, ':');
    return colon != nullptr && equal_constant_time(colon + 1, token);
}

}  // namespace

bool equal_constant_time(const char* given, const char* secret) {
    const size_t secret_length = strlen(secret);
    const size_t given_length = strlen(given);
    unsigned difference = secret_length == given_length ? 0 : 1;
    for (size_t i = 0; i < given_length; ++i) {
        // Past the secret's end its own final zero is compared: the loop is as long whatever the secret is.
        const char expected = secret[i < secret_length ? i : secret_length];
        difference |= static_cast<unsigned char>(given[i] ^ expected);
    }
    return difference == 0;
}

bool may_enter(const char* token, const char* authorization, const char* query) {
    if (*token == '\0') {
        return true;
    }
    if (authorization != nullptr && begins_with(authorization, kBearer)) {
        return equal_constant_time(authorization + strlen(kBearer), token);
    }
    if (authorization != nullptr && begins_with(authorization, kBasic)) {
        return basic_password_is(authorization + strlen(kBasic), token);
    }
    char value[kTokenRoom];
    return query != nullptr && query_value(query, "token", value, sizeof(value)) == Found::Yes &&
           equal_constant_time(value, token);
}

bool is_good_token(const char* token) {
    const size_t length = strlen(token);
    for (size_t i = 0; i < length; ++i) {
        if (token[i] <= ' ' || token[i] > '~') {
            return false;
        }
    }
    return length == 0 || (length >= kShortestToken && length < kTokenRoom);
}

}  // namespace vedette
