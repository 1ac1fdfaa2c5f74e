// Every reason esp-idf gives for a lost or refused Wi-Fi connection, what it means, and what to do about it.
//
// The law: there is no reason after which nothing is done. The Arduino core gives up on ASSOC_LEAVE (8), on AUTH_FAIL
// (202) and on every code it does not list (arduino-esp32, libraries/WiFi/src/STA.cpp, `_is_staReconnectableReason`);
// a camera on a wall must not. A code that is not in the table is treated as a link that broke.
//
// Source of the codes: esp-idf, components/esp_wifi/include/esp_wifi_types_generic.h, `wifi_err_reason_t`.
#pragma once

#include <cstddef>
#include <cstdint>

#include "clock.h"

namespace vedette {

enum class Remedy : uint8_t {
    Again,     // the link broke: begin again at once
    Fresh,     // what both sides remember of each other no longer fits: radio off, then begin
    Later,     // the access point does not want us now: a longer pause, then begin
    Absent,    // the network was not found: look again soon
    Password,  // looks like a wrong password, and often is not (micropython#4842): begin again, and count
};

struct Reason {
    uint8_t code;
    Remedy remedy;
    const char* name;     // esp-idf's, without WIFI_REASON_
    const char* meaning;  // for people
};

// The entry for a code; for one that is not in the table, UNSPECIFIED's with that code.
Reason reason_for(uint8_t code);

// How long to wait before the remedy is tried.
Millis pause_before(Remedy remedy);

const Reason* all_reasons(size_t& count);

}  // namespace vedette
