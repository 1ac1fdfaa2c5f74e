#pragma once
#include "../esp_err.h"
#include "../lwip/ip_addr.h"
typedef void* esp_ping_handle_t;
typedef struct {
    void* cb_args;
    void (*on_ping_success)(esp_ping_handle_t hdl, void* args);
    void (*on_ping_timeout)(esp_ping_handle_t hdl, void* args);
    void (*on_ping_end)(esp_ping_handle_t hdl, void* args);
} esp_ping_callbacks_t;
typedef struct {
    uint32_t count;
    uint32_t interval_ms;
    uint32_t timeout_ms;
    uint32_t data_size;
    int tos;
    int ttl;
    ip_addr_t target_addr;
    uint32_t task_stack_size;
    uint32_t task_prio;
    uint32_t interface;
} esp_ping_config_t;
#define ESP_PING_DEFAULT_CONFIG() \
    { 5, 1000, 1000, 64, 0, 64, ip_addr_any_type, 2048, 2, 0 }
extern "C" {
esp_err_t esp_ping_new_session(const esp_ping_config_t* config, const esp_ping_callbacks_t* cbs, esp_ping_handle_t* hdl_out);
esp_err_t esp_ping_start(esp_ping_handle_t hdl);
esp_err_t esp_ping_delete_session(esp_ping_handle_t hdl);
}
