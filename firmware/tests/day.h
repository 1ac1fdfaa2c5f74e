// A day of scripted Wi-Fi trouble, played to one board after the other: the same script to all of them.
//
// The law: a trouble is what the access point or the router does; what becomes of it is the board's, which is the real
// supervisor (world.h) or the rules of Espressif's core with one of three sketches (example_board.h). A board whose
// connection works is looked at: frames go out, as to a server that never leaves.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "condition.h"

namespace day {

constexpr uint32_t kHour = 60 * 60 * 1000;  // ms, as all times here
constexpr uint32_t kDay = 24 * kHour;

enum class Kind : uint8_t { Away, NoAddress, Dead, Forgotten, Kick };

struct Trouble {
    uint32_t at = 0;
    uint32_t lasts = 0;
    uint32_t every = 0;  // 0: once
    Kind kind = Kind::Kick;
    int lost = -1;       // reason codes; -1: none
    int refused = -1;
    std::string title;

    uint32_t end() const { return at + lasts; }
};

// The troubles of a script, in its order. False, and `mistake` says in which line, where one cannot be read.
bool read_script(std::istream& text, std::vector<Trouble>& troubles, std::string& mistake);

// The same day begun `hours` later: what came before comes at its end.
std::vector<Trouble> begun_at(const std::vector<Trouble>& troubles, unsigned hours);

// How the board is from `at` on, until the next entry.
struct Stretch {
    uint32_t at;
    Condition condition;
};

enum class Behaviour : uint8_t { VedetteCam, Example, FiveMinutes, Patched };

std::vector<Stretch> play(const std::vector<Trouble>& troubles, Behaviour behaviour);

// The network itself: Up, or Waiting where no board could work whatever it did.
std::vector<Stretch> network(const std::vector<Trouble>& troubles);

}  // namespace day
