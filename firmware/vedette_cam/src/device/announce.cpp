#include "announce.h"

#include <ESPmDNS.h>
#include <esp_mac.h>

#include "../core/reports.h"

namespace vedette {

namespace {

void add(const char* service, const char* board) {
    MDNS.addService(service, "tcp", kPort);
    MDNS.addServiceTxt(service, "tcp", "model", kModel);
    MDNS.addServiceTxt(service, "tcp", "version", kVersion);
    MDNS.addServiceTxt(service, "tcp", "board", board);
    MDNS.addServiceTxt(service, "tcp", "stream", "/stream");
    MDNS.addServiceTxt(service, "tcp", "control", "/control");
}

}  // namespace

void name_board(char* name, size_t room) {
    uint8_t mac[6] = {};
    esp_read_mac(mac, ESP_MAC_WIFI_STA);
    snprintf(name, room, "vedette-%02x%02x%02x", mac[3], mac[4], mac[5]);
}

bool announce(const char* name, const char* board) {
    if (!MDNS.begin(name)) {
        return false;
    }
    add("http", board);
    add("vedette", board);
    return true;
}

}  // namespace vedette
