// vedette_cam: camera firmware for ESP32 boards that stays on the network.
//
// The law: everything is built here and passed in. What decides is in src/core (plain C++, tested on the host), what
// touches the board in src/device. For another board change board.h.

#include <Arduino.h>

#include "board.h"
#include "src/device/caretaker.h"

RTC_NOINIT_ATTR static vedette::RestartRecord restart_record;

static vedette::App app(vedette::VEDETTE_BOARD, restart_record);
static vedette::Link radio(app);
static vedette::Streamer streamer(app);
static vedette::Web web{app, streamer};
static vedette::Caretaker caretaker(app, radio, streamer, web);

void setup() { caretaker.set_up(); }

void loop() { caretaker.tick(); }
