#include "link.h"

#include <Network.h>
#include <WiFi.h>

#include <cstring>

#include "announce.h"
#include "lock.h"

namespace vedette {

namespace {

enum class Note : uint8_t { Associated, GotAddress, LostAddress, Disconnected };

struct Event {
    Note note;
    uint8_t reason;
};

constexpr unsigned kEvents = 16;
QueueHandle_t events = nullptr;  // the handler has no argument to carry it in

void on_network_event(arduino_event_t* event) {
    Event noted{};
    switch (event->event_id) {
        case ARDUINO_EVENT_WIFI_STA_CONNECTED:
            noted.note = Note::Associated;
            break;
        case ARDUINO_EVENT_WIFI_STA_GOT_IP:
            noted.note = Note::GotAddress;
            break;
        case ARDUINO_EVENT_WIFI_STA_LOST_IP:
            noted.note = Note::LostAddress;
            break;
        case ARDUINO_EVENT_WIFI_STA_DISCONNECTED:
            noted.note = Note::Disconnected;
            noted.reason = event->event_info.wifi_sta_disconnected.reason;
            break;
        default:
            return;
    }
    xQueueSend(events, &noted, 0);  // full: the supervisor also looks at the address itself
}

}  // namespace

void Link::begin() {
    events = xQueueCreate(kEvents, sizeof(Event));
    Network.onEvent(on_network_event);
    WiFi.persistent(false);
    WiFi.setHostname(m_app.name);
    WiFi.mode(WIFI_STA);
    WiFi.setAutoReconnect(false);
    WiFi.setSleep(false);  // the default naps between beacons and makes every answer late

    const bool is_known = m_app.network.name[0] != '\0';
    const Credentials proven = m_app.network.proven ? Credentials::Proven : Credentials::Untried;
    m_app.supervisor.start(millis(), is_known ? proven : Credentials::None, m_app.restarts.portal_was_open());
}

void Link::tick(Millis now) {
    drain(now);
    take_over_network(now);
    // Asked after the events were read: the interface knows of each before its handler does.
    const bool has_address = WiFi.STA.hasIP();
    const unsigned guests = m_app.portal_open ? WiFi.softAPgetStationNum() : 0;
    for (;;) {
        Act next = Act::None;
        {
            Lock lock(m_app.lock);
            m_app.supervisor.address_is(now, has_address);
            m_app.supervisor.portal_guests(guests);
            next = m_app.supervisor.next(now);
        }
        if (next == Act::None) {
            break;
        }
        act(next, now);
        if (next == Act::DropAndBegin || next == Act::Restart) {
            break;  // what was read above is no longer true
        }
    }
    const GatewayPing::Answer answer = m_ping.collect();
    bool is_online = false;
    {
        Lock lock(m_app.lock);
        if (answer == GatewayPing::Answer::Yes) {
            m_app.supervisor.gateway_answered(now);
        } else if (answer == GatewayPing::Answer::No) {
            m_app.supervisor.gateway_silent(now);
        }
        is_online = m_app.supervisor.online();
    }
    if (is_online && !m_was_online) {
        went_online();
    }
    m_was_online = is_online;
}

void Link::drain(Millis now) {
    Event event{};
    while (xQueueReceive(events, &event, 0) == pdTRUE) {
        Lock lock(m_app.lock);
        switch (event.note) {
            case Note::Associated:
                m_app.supervisor.associated(now);
                break;
            case Note::GotAddress:
                m_app.supervisor.got_address(now);
                break;
            case Note::LostAddress:
                m_app.supervisor.lost_address(now);
                break;
            case Note::Disconnected:
                m_app.supervisor.disconnected(now, event.reason);
                break;
        }
    }
}

void Link::went_online() {
    {
        Lock lock(m_app.lock);
        m_app.restarts.wifi_worked();
        m_app.ota.got_address();
    }
    m_app.store.network_is_proven();
    m_announced = m_announced || announce(m_app.name, m_app.camera.board());
}

void Link::act(Act act, Millis now) {
    switch (act) {
        case Act::Begin:
            begin_network();
            break;
        case Act::DropAndBegin:
            WiFi.disconnect(true);
            WiFi.mode(m_app.portal_open ? WIFI_AP_STA : WIFI_STA);
            WiFi.setSleep(false);
            begin_network();
            break;
        case Act::AskGateway:
            if (!m_ping.ask(static_cast<uint32_t>(WiFi.gatewayIP()))) {
                Lock lock(m_app.lock);
                m_app.supervisor.traffic(now);  // no memory for a ping is not the gateway's silence
            }
            break;
        case Act::OpenPortal:
            open_portal();
            break;
        case Act::ClosePortal:
            close_portal();
            break;
        case Act::Restart: {
            Lock lock(m_app.lock);
            m_app.restarts.allow(Cause::Wifi);
            ESP.restart();
            break;
        }
        case Act::None:
            break;
    }
}

void Link::begin_network() {
    KnownNetwork network{};
    {
        Lock lock(m_app.lock);
        network = m_app.network;
    }
    WiFi.begin(network.name, network.password[0] != '\0' ? network.password : nullptr);
}

// The set-up network bears the board's name. Its password is the token, where one is set; it is open otherwise.
void Link::open_portal() {
    char token[kTokenRoom];
    {
        Lock lock(m_app.lock);
        memcpy(token, m_app.token, sizeof(token));
    }
    WiFi.mode(WIFI_AP_STA);
    WiFi.softAP(m_app.name, token[0] != '\0' ? token : nullptr);
    m_dns.start();
    m_app.portal_open = true;
    Lock lock(m_app.lock);
    m_app.restarts.portal_is(true);
}

void Link::close_portal() {
    m_app.portal_open = false;
    m_dns.stop();
    WiFi.softAPdisconnect(true);
    Lock lock(m_app.lock);
    m_app.restarts.portal_is(false);
}

void Link::take_over_network(Millis now) {
    KnownNetwork entered{};
    char token[kTokenRoom];
    {
        Lock lock(m_app.lock);
        if (!m_app.network_entered) {
            return;
        }
        m_app.network_entered = false;
        entered = m_app.network;
        memcpy(token, m_app.token, sizeof(token));
        m_app.supervisor.credentials_changed(now);
    }
    m_app.store.save(entered);
    m_app.store.save_token(token);
}

}  // namespace vedette
