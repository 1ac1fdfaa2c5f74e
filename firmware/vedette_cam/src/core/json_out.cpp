#include "json_out.h"

#include <cinttypes>
#include <cstdio>

namespace vedette {

JsonOut::JsonOut(char* text, size_t room) : m_text(text), m_room(room) {
    if (room > 0) {
        text[0] = '\0';
    } else {
        m_fits = false;
    }
}

JsonOut& JsonOut::open() {
    put('{');
    m_comma = false;
    return *this;
}

JsonOut& JsonOut::open(const char* name) {
    key(name);
    return open();
}

JsonOut& JsonOut::close() {
    put('}');
    m_comma = true;
    return *this;
}

JsonOut& JsonOut::number(const char* name, int64_t value) {
    char digits[24];
    snprintf(digits, sizeof(digits), "%" PRId64, value);
    key(name);
    put(digits);
    return *this;
}

JsonOut& JsonOut::text(const char* name, const char* value) {
    if (value == nullptr) {
        return null(name);
    }
    key(name);
    put('"');
    put_escaped(value);
    put('"');
    return *this;
}

JsonOut& JsonOut::flag(const char* name, bool value) {
    key(name);
    put(value ? "true" : "false");
    return *this;
}

JsonOut& JsonOut::null(const char* name) {
    key(name);
    put("null");
    return *this;
}

void JsonOut::key(const char* name) {
    if (m_comma) {
        put(',');
    }
    put('"');
    put_escaped(name);
    put("\":");
    m_comma = true;
}

void JsonOut::put(char character) {
    if (!m_fits || m_length + 1 >= m_room) {
        m_fits = false;
        return;
    }
    m_text[m_length++] = character;
    m_text[m_length] = '\0';
}

void JsonOut::put(const char* characters) {
    for (; *characters != '\0'; ++characters) {
        put(*characters);
    }
}

void JsonOut::put_escaped(const char* characters) {
    for (; *characters != '\0'; ++characters) {
        const char character = *characters;
        if (character == '"' || character == '\\') {
            put('\\');
            put(character);
        } else if (static_cast<unsigned char>(character) < 0x20) {
            char escape[8];
            snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(character)));
            put(escape);
        } else {
            put(character);
        }
    }
}

}  // namespace vedette
