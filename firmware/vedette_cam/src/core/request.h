// Reading what comes in a URL or a form.
//
// The law: a value that does not fit, a broken escape and a number with anything behind it are refused. Espressif's
// example puts `val` through `atoi`, which turns junk into 0.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vedette {

enum class Found : uint8_t { Yes, No, Bad };

// The value of `name` in "a=1&b=2", decoded. Bad: too long for `room`, a broken %-escape, or a zero byte in it.
Found query_value(const char* query, const char* name, char* value, size_t room);

// Whether a page of this board's own sent it, or no page at all: `origin` is null then. Both as the headers have them.
bool same_origin(const char* origin, const char* host);

// A whole number of at most 9 digits, with nothing around it.
bool parse_number(const char* text, int32_t& number);

}  // namespace vedette
