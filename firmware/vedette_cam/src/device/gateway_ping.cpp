#include "gateway_ping.h"

namespace vedette {

namespace {

constexpr uint32_t kTimeout = 3000;  // ms; a ping of 2.9 s was measured on a working board (AI-on-the-edge-device#3558)

}  // namespace

bool GatewayPing::ask(uint32_t gateway) {
    esp_ping_config_t config = ESP_PING_DEFAULT_CONFIG();
    config.count = 1;
    config.timeout_ms = kTimeout;
    config.task_stack_size = 3072;
    config.target_addr.type = IPADDR_TYPE_V4;
    config.target_addr.u_addr.ip4.addr = gateway;
    esp_ping_callbacks_t callbacks{};
    callbacks.cb_args = this;
    callbacks.on_ping_success = on_answer;
    callbacks.on_ping_timeout = on_silence;
    callbacks.on_ping_end = on_end;
    esp_ping_handle_t handle = nullptr;
    if (esp_ping_new_session(&config, &callbacks, &handle) != ESP_OK) {
        return false;
    }
    const bool is_started = esp_ping_start(handle) == ESP_OK;
    if (!is_started) {
        esp_ping_delete_session(handle);
    }
    return is_started;
}

GatewayPing::Answer GatewayPing::collect() { return m_answer.exchange(Answer::None); }

void GatewayPing::on_answer(esp_ping_handle_t, void* self) {
    static_cast<GatewayPing*>(self)->m_answer = Answer::Yes;
}

void GatewayPing::on_silence(esp_ping_handle_t, void* self) {
    static_cast<GatewayPing*>(self)->m_answer = Answer::No;
}

void GatewayPing::on_end(esp_ping_handle_t handle, void*) { esp_ping_delete_session(handle); }

}  // namespace vedette
