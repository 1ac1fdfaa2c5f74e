#include "json_in.h"

#include <cstring>

namespace vedette {

namespace {

constexpr int kDigits = 9;  // fits 32 bits

}  // namespace

JsonIn::Got JsonIn::next(Pair& pair) {
    if (m_failed || m_closed) {
        return m_failed ? Got::Error : Got::End;
    }
    skip_space();
    const bool is_first = !m_opened;
    if (is_first && !take('{')) {
        return fail();
    }
    m_opened = true;
    skip_space();
    if (take('}')) {
        skip_space();
        m_closed = m_at == m_end;
        return m_closed ? Got::End : fail();
    }
    if (!is_first && !take(',')) {
        return fail();
    }
    skip_space();
    if (!read_text(pair.name, sizeof(pair.name))) {
        return fail();
    }
    skip_space();
    if (!take(':')) {
        return fail();
    }
    skip_space();
    return read_value(pair) ? Got::Pair : fail();
}

bool JsonIn::read_value(Pair& pair) {
    pair.text[0] = '\0';
    pair.number = 0;
    pair.is_text = m_at != m_end && *m_at == '"';
    if (pair.is_text) {
        return read_text(pair.text, sizeof(pair.text));
    }
    if (take_word("true")) {
        pair.number = 1;
        return true;
    }
    return take_word("false") || read_number(pair.number);
}

bool JsonIn::read_text(char* text, size_t room) {
    if (!take('"')) {
        return false;
    }
    size_t length = 0;
    while (m_at != m_end && *m_at != '"') {
        const auto byte = static_cast<unsigned char>(*m_at);
        if (byte < 0x20 || byte == '\\' || length + 1 >= room) {
            return false;  // no name or value here needs an escape
        }
        text[length++] = *m_at++;
    }
    text[length] = '\0';
    return take('"');
}

bool JsonIn::read_number(int32_t& number) {
    const bool negative = take('-');
    int32_t value = 0;
    int digits = 0;
    for (; m_at != m_end && *m_at >= '0' && *m_at <= '9'; ++m_at) {
        if (++digits > kDigits) {
            return false;
        }
        value = value * 10 + (*m_at - '0');
    }
    number = negative ? -value : value;
    return digits > 0;
}

bool JsonIn::take_word(const char* word) {
    const size_t length = strlen(word);
    if (static_cast<size_t>(m_end - m_at) < length || memcmp(m_at, word, length) != 0) {
        return false;
    }
    m_at += length;
    return true;
}

bool JsonIn::take(char character) {
    if (m_at == m_end || *m_at != character) {
        return false;
    }
    ++m_at;
    return true;
}

void JsonIn::skip_space() {
    while (m_at != m_end && (*m_at == ' ' || *m_at == '\t' || *m_at == '\r' || *m_at == '\n')) {
        ++m_at;
    }
}

JsonIn::Got JsonIn::fail() {
    m_failed = true;
    return Got::Error;
}

}  // namespace vedette
