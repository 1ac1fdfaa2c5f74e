// How a played board is, as its surroundings see it.
#pragma once

#include <cstdint>

enum class Condition : uint8_t {
    Up,         // an address, and what is sent arrives
    Dead,       // an address, and nothing arrives
    NoAddress,  // joined
    Joining,    // an attempt is under way
    Waiting,    // no attempt is under way; the next may come in a second or never
    Rebooting,
};
