#include "web.h"

#include <lwip/sockets.h>

#include <memory>
#include <new>

#include "../core/reports.h"
#include "../core/request.h"
#include "announce.h"
#include "handlers.h"
#include "lock.h"

namespace vedette {

namespace {

constexpr size_t kOriginRoom = 96;  // of the board: its name or address, and a port
// lwIP has 16 in all (CONFIG_LWIP_MAX_SOCKETS); each server needs 3 of its own, and a ping 1.
constexpr uint16_t kSockets = 5;
constexpr uint16_t kStreamSockets = 2;  // the viewer, and the one who is told that the place is taken

httpd_handle_t start(Web& web, uint16_t port, uint16_t control_port, uint16_t sockets) {
    httpd_config_t config = HTTPD_DEFAULT_CONFIG();
    config.server_port = port;
    config.ctrl_port = control_port;
    config.max_open_sockets = sockets;
    config.max_uri_handlers = 12;
    config.stack_size = 8192;
    config.lru_purge_enable = true;  // a browser that keeps its connections must not lock others out
    config.global_user_ctx = &web;  // for on_unknown, which belongs to no route
    config.global_user_ctx_free_fn = [](void*) {};
    httpd_handle_t server = nullptr;
    return httpd_start(&server, &config) == ESP_OK ? server : nullptr;
}

void add(httpd_handle_t server, Web& web, const char* path, httpd_method_t method, esp_err_t (*handler)(httpd_req_t*)) {
    httpd_uri_t route{};
    route.uri = path;
    route.method = method;
    route.handler = handler;
    route.user_ctx = &web;
    httpd_register_uri_handler(server, &route);
}

// On the heap, for a user name may be long; the server takes only so much of all headers (HTTPD_MAX_REQ_HDR_LEN).
std::unique_ptr<char[]> authorization_of(httpd_req_t* request) {
    constexpr char kName[] = "Authorization";
    const size_t length = httpd_req_get_hdr_value_len(request, kName);
    std::unique_ptr<char[]> header(length > 0 ? new (std::nothrow) char[length + 1] : nullptr);
    if (header != nullptr && httpd_req_get_hdr_value_str(request, kName, header.get(), length + 1) != ESP_OK) {
        header.reset();
    }
    return header;
}

}  // namespace

bool start_web(Web& web) {
    httpd_handle_t server = start(web, kPort, 32768, kSockets);
    httpd_handle_t second = start(web, kStreamPort, 32769, kStreamSockets);
    if (server == nullptr || second == nullptr) {
        return false;
    }
    add(server, web, "/", HTTP_GET, on_root);
    add(server, web, "/status", HTTP_GET, on_status);
    add(server, web, "/health", HTTP_GET, on_health);
    add(server, web, "/control", HTTP_GET, on_control);
    add(server, web, "/capture", HTTP_GET, on_capture);
    add(server, web, "/reboot", HTTP_GET, on_reboot);
    add(server, web, "/reboot", HTTP_POST, on_reboot);
    add(server, web, "/setup", HTTP_POST, on_setup);
    add(server, web, "/update", HTTP_POST, on_update);
    add(server, web, "/stream", HTTP_GET, on_stream);
    add(second, web, "/stream", HTTP_GET, on_stream);
    httpd_register_err_handler(server, HTTPD_404_NOT_FOUND, on_unknown);
    return true;
}

App& app_of(httpd_req_t* request) { return static_cast<Web*>(request->user_ctx)->app; }

const char* query_of(httpd_req_t* request, char text[kQueryRoom]) {
    return httpd_req_get_url_query_str(request, text, kQueryRoom) == ESP_OK ? text : nullptr;
}

bool check_token(httpd_req_t* request) {
    App& app = app_of(request);
    const std::unique_ptr<char[]> authorization = authorization_of(request);
    char query[kQueryRoom];
    {
        Lock lock(app.lock);
        if (may_enter(app.token, authorization.get(), query_of(request, query))) {
            app.ota.request();
            app.supervisor.traffic(millis());
            return true;
        }
    }
    httpd_resp_set_hdr(request, "WWW-Authenticate", "Basic realm=\"vedette_cam\"");
    answer_error(request, "401 Unauthorized", "token_required", "this board wants its token");
    return false;
}

bool check_origin(httpd_req_t* request) {
    char origin[kOriginRoom] = "";
    char host[kOriginRoom] = "";
    const bool has_origin = httpd_req_get_hdr_value_len(request, "Origin") > 0;
    httpd_req_get_hdr_value_str(request, "Origin", origin, sizeof(origin));
    httpd_req_get_hdr_value_str(request, "Host", host, sizeof(host));
    if (same_origin(has_origin ? origin : nullptr, host)) {
        return true;
    }
    answer_error(request, "403 Forbidden", "foreign_origin", "another site's page may not do this");
    return false;
}

esp_err_t answer(httpd_req_t* request, const char* status, const JsonOut& json) {
    httpd_resp_set_status(request, json.fits() ? status : "500 Internal Server Error");
    httpd_resp_set_type(request, "application/json");
    httpd_resp_set_hdr(request, "Cache-Control", "no-store");
    return httpd_resp_send(request, json.fits() ? json.c_str() : "{}", HTTPD_RESP_USE_STRLEN);
}

esp_err_t answer_error(httpd_req_t* request, const char* status, const char* code, const char* message) {
    char text[256];
    JsonOut json(text, sizeof(text));
    write_error(code, message, json);
    return answer(request, status, json);
}

void peer_of(httpd_req_t* request, char* text, size_t room) {
    sockaddr_in6 address{};
    socklen_t length = sizeof(address);
    snprintf(text, room, "unknown");
    if (getpeername(httpd_req_to_sockfd(request), reinterpret_cast<sockaddr*>(&address), &length) == 0) {
        // esp_http_server listens on IPv6 sockets; an IPv4 peer stands in the last four bytes.
        inet_ntop(AF_INET, &address.sin6_addr.un.u32_addr[3], text, static_cast<socklen_t>(room));
    }
}

}  // namespace vedette
