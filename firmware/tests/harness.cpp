#include "harness.h"

#include <vector>

namespace harness {

namespace {

struct Test {
    const char* sentence;
    Body body;
};

// Inside a function, because tests register before main() in no particular order of files.
std::vector<Test>& tests() {
    static std::vector<Test> all;
    return all;
}

int failures = 0;

}  // namespace

Registered::Registered(const char* sentence, Body body) { tests().push_back({sentence, body}); }

void fail(const char* file, int line, const std::string& what) {
    ++failures;
    std::printf("  %s:%d: %s\n", file, line, what.c_str());
}

int run() {
    int bad = 0;
    for (const Test& test : tests()) {
        const int before = failures;
        test.body();
        if (failures != before) {
            ++bad;
            std::printf("FAILED: %s\n", test.sentence);
        }
    }
    std::printf("%zu tests, %d failed\n", tests().size(), bad);
    return bad != 0 || tests().empty() ? 1 : 0;
}

}  // namespace harness

int main() { return harness::run(); }
