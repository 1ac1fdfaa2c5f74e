// A new firmware over the air.
//
// The law: only with a token set, for whoever can send one owns the board. It goes into the other place in flash;
// the running one stays until the new one has shown what core/ota_check.h asks. The stream ends first: flash and
// camera share the bus.
#include <Update.h>

#include "handlers.h"
#include "web.h"

namespace vedette {

namespace {

constexpr size_t kPiece = 2048;

// Null when the firmware is in flash whole, else what went wrong.
const char* receive(httpd_req_t* request) {
    if (request->content_len == 0 || !Update.begin(request->content_len)) {
        return "it does not fit its place in flash";
    }
    uint8_t piece[kPiece];
    size_t left = request->content_len;
    while (left > 0) {
        const size_t most = left < sizeof(piece) ? left : sizeof(piece);
        const int got = httpd_req_recv(request, reinterpret_cast<char*>(piece), most);
        if (got <= 0 || Update.write(piece, static_cast<size_t>(got)) != static_cast<size_t>(got)) {
            Update.abort();
            return got <= 0 ? "the connection broke off" : Update.errorString();
        }
        left -= static_cast<size_t>(got);
    }
    return Update.end() ? nullptr : Update.errorString();
}

}  // namespace

esp_err_t on_update(httpd_req_t* request) {
    App& app = app_of(request);
    if (app.token[0] == '\0') {
        return answer_error(request, "403 Forbidden", "no_token", "set a token first: who can update a board owns it");
    }
    if (!check_origin(request) || !check_token(request)) {
        return ESP_OK;
    }
    app.updating = true;
    const char* mistake = receive(request);
    app.updating = false;
    if (mistake != nullptr) {
        answer_error(request, "422 Unprocessable Entity", "update_failed", mistake);
        return ESP_FAIL;  // what is left of the body must not be read as a request
    }
    app.update_came = true;
    app.restart_wanted = true;
    char text[64];
    JsonOut json(text, sizeof(text));
    json.open().flag("restarting", true).close();
    return answer(request, "200 OK", json);
}

}  // namespace vedette
