// What is kept in flash (NVS).
//
// The law: fixed sizes, nothing on the heap, and a write only when something is to be written. The Wi-Fi driver's
// own copy of the credentials is switched off (`WiFi.persistent(false)`): they are kept once, here.
#pragma once

#include <Preferences.h>

#include "../core/settings.h"
#include "../core/token.h"

namespace vedette {

struct KnownNetwork {
    char name[33];      // 1 to 32 bytes; empty: none entered yet
    char password[64];  // empty: an open network
    bool proven;        // this board had an address with them
};

class Store {
  public:
    bool begin() { return m_preferences.begin("vedette"); }

    KnownNetwork network();
    void save(const KnownNetwork& network);
    void network_is_proven();

    void token(char token[kTokenRoom]);
    void save_token(const char* token);

    void load(Settings& settings);
    void save(const Settings& settings);

  private:
    Preferences m_preferences;
};

}  // namespace vedette
