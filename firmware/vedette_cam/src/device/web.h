// The web server: routes, who may use them, and the two forms of an answer.
//
// The law: a handler checks, takes the lock for a few lines, and answers. It never waits for a person, a viewer or
// the radio; the one thing that lasts, the stream, is handed to its own task. Every answer that is not 200 says why,
// as JSON. No answer allows other sites to read it (CORS): else any page somebody visits could look through the
// camera.
#pragma once

#include <esp_http_server.h>

#include "app.h"
#include "streamer.h"

namespace vedette {

struct Web {
    App& app;
    Streamer& streamer;
};

// Starts ports 80 and 81. False when there is no memory for it.
bool start_web(Web& web);

// Whether the request brought the token; answers 401 when it did not.
bool check_token(httpd_req_t* request);

App& app_of(httpd_req_t* request);

// `json` as a whole, or 500 when it did not fit.
esp_err_t answer(httpd_req_t* request, const char* status, const JsonOut& json);
esp_err_t answer_error(httpd_req_t* request, const char* status, const char* code, const char* message);

// The peer's address as text, in room for kAddress of the slot.
void peer_of(httpd_req_t* request, char* text, size_t room);

}  // namespace vedette
