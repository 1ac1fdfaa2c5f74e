// The radio's side of the supervisor: events to it, acts from it.
//
// The law: an event handler runs in the network's own task and puts a note into a queue, nothing more. Only the loop
// touches the radio. The core's own reconnect is off: two that retry get in each other's way.
#pragma once

#include <DNSServer.h>
#include <freertos/queue.h>

#include "app.h"
#include "gateway_ping.h"

namespace vedette {

class Link {
  public:
    explicit Link(App& app) : m_app(app) {}

    void begin();
    void tick(Millis now);

  private:
    void drain(Millis now);
    void act(Act act, Millis now);
    void begin_network();
    void open_portal();
    void close_portal();
    void take_over_network(Millis now);
    void went_online();

    App& m_app;
    DNSServer m_dns;
    GatewayPing m_ping;
    bool m_announced = false;
    bool m_was_online = false;
};

}  // namespace vedette
