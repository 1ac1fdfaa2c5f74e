#include "store.h"

#include <cstring>

namespace vedette {

KnownNetwork Store::network() {
    KnownNetwork network{};
    m_preferences.getString("ssid", network.name, sizeof(network.name));
    m_preferences.getString("password", network.password, sizeof(network.password));
    network.proven = m_preferences.getBool("proven", false);
    return network;
}

void Store::save(const KnownNetwork& network) {
    m_preferences.putString("ssid", network.name);
    m_preferences.putString("password", network.password);
    m_preferences.putBool("proven", network.proven);
}

void Store::network_is_proven() {
    if (!m_preferences.getBool("proven", false)) {
        m_preferences.putBool("proven", true);
    }
}

void Store::token(char token[kTokenRoom]) {
    token[0] = '\0';
    m_preferences.getString("token", token, kTokenRoom);
}

void Store::save_token(const char* token) { m_preferences.putString("token", token); }

void Store::load(Settings& settings) {
    char text[Settings::kRoom] = "";
    if (m_preferences.getString("settings", text, sizeof(text)) > 0) {
        settings.read(text, strlen(text));
    }
}

void Store::save(const Settings& settings) {
    char text[Settings::kRoom];
    char before[Settings::kRoom] = "";
    JsonOut json(text, sizeof(text));
    settings.write(json);
    m_preferences.getString("settings", before, sizeof(before));
    if (json.fits() && strcmp(text, before) != 0) {
        m_preferences.putString("settings", text);
    }
}

}  // namespace vedette
