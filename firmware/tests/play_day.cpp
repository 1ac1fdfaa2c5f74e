// Plays a script of Wi-Fi trouble to one board, and prints how the board was: a line for each change, with the
// milliseconds since the day began and one word.
//
//     play SCRIPT vedette_cam|example|five_minutes|patched|network [HOUR TO BEGIN AT]
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "day.h"

namespace {

const char* word_for(Condition condition) {
    switch (condition) {
        case Condition::Up:
            return "up";
        case Condition::Dead:
            return "dead";
        case Condition::NoAddress:
            return "no_address";
        case Condition::Joining:
            return "joining";
        case Condition::Waiting:
            return "waiting";
        case Condition::Rebooting:
            return "rebooting";
    }
    return "";
}

bool play(const std::string& name, const std::vector<day::Trouble>& troubles, std::vector<day::Stretch>& stretches) {
    const std::pair<const char*, day::Behaviour> boards[] = {
        {"vedette_cam", day::Behaviour::VedetteCam},
        {"example", day::Behaviour::Example},
        {"five_minutes", day::Behaviour::FiveMinutes},
        {"patched", day::Behaviour::Patched},
    };
    if (name == "network") {
        stretches = day::network(troubles);
        return true;
    }
    for (const auto& [word, behaviour] : boards) {
        if (name == word) {
            stretches = day::play(troubles, behaviour);
            return true;
        }
    }
    return false;
}

}  // namespace

int main(int count, char** words) {
    if (count < 3) {
        std::fprintf(stderr, "usage: play SCRIPT BOARD [HOUR]\n");
        return 2;
    }
    std::ifstream script(words[1]);
    std::vector<day::Trouble> troubles;
    std::string mistake = "cannot be opened";
    if (!script || !day::read_script(script, troubles, mistake)) {
        std::fprintf(stderr, "%s: %s\n", words[1], mistake.c_str());
        return 1;
    }
    const unsigned hour = count > 3 ? static_cast<unsigned>(std::strtoul(words[3], nullptr, 10)) : 0;
    std::vector<day::Stretch> stretches;
    if (!play(words[2], day::begun_at(troubles, hour), stretches)) {
        std::fprintf(stderr, "there is no board %s\n", words[2]);
        return 2;
    }
    for (const day::Stretch& stretch : stretches) {
        std::printf("%u %s\n", stretch.at, word_for(stretch.condition));
    }
    return 0;
}
