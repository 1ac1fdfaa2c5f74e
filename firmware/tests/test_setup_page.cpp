#include "../vedette_cam/src/device/setup_page.h"

#include <fstream>
#include <iterator>

#include "harness.h"

using namespace vedette;

namespace {

bool has(const char* part) { return std::string(kSetupPage).find(part) != std::string::npos; }

}  // namespace

TEST("the header holds the page, byte for byte") {
    std::ifstream file("vedette_cam/pages/setup.html");
    CHECK(file.good());
    CHECK_TEXT(kSetupPage, std::string(std::istreambuf_iterator<char>(file), {}));
}

TEST("the page sends what setup_form.cpp reads, and needs nothing from elsewhere") {
    CHECK(has("method=\"post\" action=\"/setup\""));
    for (const char* field : {"name=\"name\"", "name=\"password\"", "name=\"token\""}) {
        CHECK(has(field));
    }
    CHECK(!has("https://"));
    CHECK(!has("src="));
}
