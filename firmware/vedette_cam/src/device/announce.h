// The board's name on the network, and what it is, by mDNS.
//
// The law: the name comes from the MAC, so that no two boards share one (easytarget's default, `esp32-cam`,
// collides). TXT records say what a server must know to use the board without asking it: model, version, stream,
// control.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vedette {

constexpr uint16_t kPort = 80;
constexpr uint16_t kStreamPort = 81;  // CameraWebServer's, for what has it in its configuration already

// "vedette-a1b2c3", from the last three bytes of the station's MAC.
void name_board(char* name, size_t room);

bool announce(const char* name, const char* board);

}  // namespace vedette
