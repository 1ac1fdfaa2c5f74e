#include "token.h"

#include <cstdint>
#include <cstring>

#include "request.h"

namespace vedette {

namespace {

// Compares what it is given with a secret, in a time that depends only on how much that is.
class Comparison {
  public:
    explicit Comparison(const char* secret) : m_secret(secret), m_length(strlen(secret)) {}

    void take(char given) {
        // Past the secret's end its own final zero is compared: it takes as long whatever the secret is.
        const char expected = m_secret[m_count < m_length ? m_count : m_length];
        m_difference |= static_cast<unsigned char>(given ^ expected);
        ++m_count;
    }

    bool equal() const { return m_difference == 0 && m_count == m_length; }

  private:
    const char* m_secret;
    size_t m_length;
    size_t m_count = 0;
    unsigned m_difference = 0;
};

char lower(char character) {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
}

// What stands behind the scheme (in lower case here) and its spaces; null for no header, and for another scheme.
// The case of a scheme says nothing (RFC 9110, 11.1).
const char* behind(const char* scheme, const char* authorization) {
    if (authorization == nullptr) {
        return nullptr;
    }
    for (; *scheme != '\0'; ++scheme, ++authorization) {
        if (lower(*authorization) != *scheme) {
            return nullptr;
        }
    }
    const size_t spaces = strspn(authorization, " ");
    return spaces > 0 ? authorization + spaces : nullptr;
}

int base64_digit(char character) {
    static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char* found = character == '\0' ? nullptr : strchr(kAlphabet, character);
    return found == nullptr ? -1 : static_cast<int>(found - kAlphabet);
}

// Decoded as it is compared: the user name before the colon may be as long as it likes. False for a character that
// does not belong there.
bool basic_password_is(const char* encoded, const char* token) {
    Comparison password(token);
    bool is_password = false;
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
        const char character = static_cast<char>((bits >> count) & 0xFF);
        if (is_password) {
            password.take(character);
        }
        is_password = is_password || character == ':';
    }
    return is_password && password.equal();
}

}  // namespace

bool equal_constant_time(const char* given, const char* secret) {
    Comparison comparison(secret);
    for (; *given != '\0'; ++given) {
        comparison.take(*given);
    }
    return comparison.equal();
}

bool may_enter(const char* token, const char* authorization, const char* query) {
    if (*token == '\0') {
        return true;
    }
    if (const char* bearer = behind("bearer", authorization)) {
        return equal_constant_time(bearer, token);
    }
    if (const char* basic = behind("basic", authorization)) {
        return basic_password_is(basic, token);
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
