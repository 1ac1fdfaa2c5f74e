// The loop: looks after everything in turn, and alone restarts the board.
//
// The law: the order of set-up matters. Wi-Fi before the camera, for both at once draw more than a weak supply gives
// (yoursunny/esp32cam#33); and a camera that does not answer must not keep the board off the network, as it does in
// Espressif's example. The task watchdog hangs on this loop, and this loop feeds it only while the stream's slot is
// free or frames go out. The brownout detector stays on: a board that runs on too little writes nonsense into its
// flash.
#pragma once

#include "app.h"
#include "link.h"
#include "streamer.h"
#include "web.h"

namespace vedette {

class Caretaker {
  public:
    Caretaker(App& app, Link& link, Streamer& streamer, Web& web)
        : m_app(app), m_link(link), m_streamer(streamer), m_web(web) {}

    void set_up();
    void tick();

  private:
    void start_camera();
    void look_after_sensor(Millis now);
    void power_cycle();
    void restart_for_sensor(Millis now);
    void probe_sensor();
    void look_after_update(Millis now);
    void save_settings(Millis now);
    void restart_when_asked(Millis now);
    void feed_watchdog(Millis now);
    void restart_for(Cause cause);

    App& m_app;
    Link& m_link;
    Streamer& m_streamer;
    Web& m_web;
    Stopwatch m_restart_due;
    bool m_cycle_due = false;  // the camera is closed; its last frame is not back yet
};

}  // namespace vedette
