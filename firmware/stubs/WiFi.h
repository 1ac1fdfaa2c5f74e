#pragma once
#include "Arduino.h"
#include "Network.h"

typedef enum { WIFI_MODE_NULL = 0, WIFI_MODE_STA, WIFI_MODE_AP, WIFI_MODE_APSTA } wifi_mode_t;
#define WIFI_STA WIFI_MODE_STA
#define WIFI_AP WIFI_MODE_AP
#define WIFI_AP_STA WIFI_MODE_APSTA
typedef enum { WL_IDLE_STATUS = 0, WL_CONNECTED = 3 } wl_status_t;
typedef enum { WIFI_AUTH_WPA2_PSK = 3 } wifi_auth_mode_t;
typedef enum { WIFI_CIPHER_TYPE_CCMP = 4 } wifi_cipher_type_t;
typedef enum { WIFI_PS_NONE } wifi_ps_type_t;

class STAClass {
  public:
    bool hasIP() const;
};
class WiFiClass {
  public:
    STAClass STA;
    void persistent(bool persistent);
    static bool mode(wifi_mode_t mode);
    bool setSleep(bool enabled);
    bool setSleep(wifi_ps_type_t sleepType);
    static bool setHostname(const char* hostname);
    bool setAutoReconnect(bool autoReconnect);
    wl_status_t begin(const char* ssid, const char* passphrase = NULL, int32_t channel = 0, const uint8_t* bssid = NULL,
                      bool connect = true);
    bool disconnect(bool wifioff = false, bool eraseap = false, unsigned long timeoutLength = 100);
    IPAddress gatewayIP();
    int8_t RSSI();
    bool softAP(const char* ssid, const char* passphrase = NULL, int channel = 1, int ssid_hidden = 0, int max_connection = 4,
                bool ftm_responder = false, wifi_auth_mode_t auth_mode = WIFI_AUTH_WPA2_PSK,
                wifi_cipher_type_t cipher = WIFI_CIPHER_TYPE_CCMP);
    bool softAPdisconnect(bool wifioff = false);
    uint8_t softAPgetStationNum();
};
extern WiFiClass WiFi;
