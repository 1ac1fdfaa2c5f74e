// A test harness of its own: a test is a sentence and a block, a check is an expression.
//
// The law: nothing here waits or reads a clock; a failed check is reported with what it compared, and the run goes on
// to the next test. The program ends with 1 when any check failed, and when there was no test at all.
#pragma once

#include <cstdio>
#include <sstream>
#include <string>

namespace harness {

using Body = void (*)();

struct Registered {
    Registered(const char* sentence, Body body);
};

void fail(const char* file, int line, const std::string& what);

template <typename Value>
std::string shown(const Value& value) {
    std::ostringstream out;
    out << +value;
    return out.str();
}

inline std::string shown(const std::string& value) { return '"' + value + '"'; }
inline std::string shown(const char* value) { return value == nullptr ? "null" : '"' + std::string(value) + '"'; }

template <typename Left, typename Right>
void check_equal(const char* file, int line, const char* expression, const Left& left, const Right& right) {
    if (!(left == right)) {
        fail(file, line, std::string(expression) + ": " + shown(left) + " is not " + shown(right));
    }
}

}  // namespace harness

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEST(sentence)                                                                             \
    static void JOIN(test_, __LINE__)();                                                           \
    static const harness::Registered JOIN(registered_, __LINE__){sentence, JOIN(test_, __LINE__)}; \
    static void JOIN(test_, __LINE__)()

#define CHECK(expression)                                      \
    do {                                                       \
        if (!(expression)) {                                   \
            harness::fail(__FILE__, __LINE__, "not " #expression); \
        }                                                      \
    } while (false)

#define CHECK_EQUAL(left, right) harness::check_equal(__FILE__, __LINE__, #left, left, right)

// For text, where `const char*` would compare addresses.
#define CHECK_TEXT(left, right) harness::check_equal(__FILE__, __LINE__, #left, std::string(left), std::string(right))
