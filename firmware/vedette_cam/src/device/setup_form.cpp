// The set-up page and what it sends.
//
// The law: a network may be entered only while the set-up network is open, or by who has the token; else anybody on the
// network could move the board to theirs.
#include <cstring>

#include "../core/request.h"
#include "handlers.h"
#include "lock.h"
#include "setup_page.h"
#include "web.h"

namespace vedette {

namespace {

constexpr size_t kForm = 512;
constexpr size_t kShortestPassword = 8;  // WPA2's; none at all means an open network

bool read_form(httpd_req_t* request, char* form, size_t room) {
    if (request->content_len >= room) {
        return false;
    }
    size_t length = 0;
    while (length < request->content_len) {
        const int got = httpd_req_recv(request, form + length, request->content_len - length);
        if (got <= 0) {
            return false;
        }
        length += static_cast<size_t>(got);
    }
    form[length] = '\0';
    return true;
}

// Null when all is well, else what is wrong.
const char* read_network(const char* form, KnownNetwork& network, char token[kTokenRoom]) {
    if (query_value(form, "name", network.name, sizeof(network.name)) != Found::Yes || network.name[0] == '\0') {
        return "a network's name has 1 to 32 characters";
    }
    const Found password = query_value(form, "password", network.password, sizeof(network.password));
    const size_t length = password == Found::Yes ? strlen(network.password) : 0;
    if (password == Found::Bad || (length > 0 && length < kShortestPassword)) {
        return "a network's password has 8 to 63 characters, or there is none";
    }
    if (query_value(form, "token", token, kTokenRoom) == Found::Bad || !is_good_token(token)) {
        return "a token has 8 to 63 printable characters without spaces, or there is none";
    }
    return nullptr;
}

}  // namespace

esp_err_t on_root(httpd_req_t* request) {
    if (app_of(request).portal_open) {
        httpd_resp_set_type(request, "text/html; charset=utf-8");
        httpd_resp_set_hdr(request, "Cache-Control", "no-store");
        return httpd_resp_send(request, kSetupPage, HTTPD_RESP_USE_STRLEN);
    }
    httpd_resp_set_status(request, "302 Found");
    httpd_resp_set_hdr(request, "Location", "/status");
    return httpd_resp_send(request, nullptr, 0);
}

esp_err_t on_setup(httpd_req_t* request) {
    App& app = app_of(request);
    const bool is_guest = app.portal_open;  // whoever is on the set-up network knew its password
    if (!is_guest && app.token[0] == '\0') {
        return answer_error(request, "403 Forbidden", "not_now", "only while the board's set-up network is open");
    }
    if (!check_origin(request) || (!is_guest && !check_token(request))) {
        return ESP_OK;
    }
    char form[kForm];
    KnownNetwork network{};
    char token[kTokenRoom] = "";
    if (!read_form(request, form, sizeof(form))) {
        return answer_error(request, "400 Bad Request", "form_too_long", "the form is too long, or broke off");
    }
    const char* mistake = read_network(form, network, token);
    if (mistake != nullptr) {
        return answer_error(request, "422 Unprocessable Entity", "refused", mistake);
    }
    {
        Lock lock(app.lock);
        app.network = network;
        if (token[0] != '\0') {  // left empty: stays as it is
            memcpy(app.token, token, sizeof(app.token));
        }
        app.network_entered = true;
    }
    char text[256];  // a name of 32 bytes that are all escaped, and the board's
    JsonOut json(text, sizeof(text));
    json.open().text("network", network.name).text("name", app.name).close();
    return answer(request, "200 OK", json);
}

esp_err_t on_unknown(httpd_req_t* request, httpd_err_code_t) {
    const App& app = static_cast<Web*>(httpd_get_global_user_ctx(request->handle))->app;
    if (app.portal_open) {
        httpd_resp_set_status(request, "302 Found");
        httpd_resp_set_hdr(request, "Location", "http://192.168.4.1/");  // softAP's own address, the core's default
        httpd_resp_send(request, nullptr, 0);
    } else {
        answer_error(request, "404 Not Found", "no_such_address", "there is nothing here");
    }
    return ESP_FAIL;  // close: a phone's probe need not hold a socket
}

}  // namespace vedette
