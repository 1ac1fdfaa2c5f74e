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

constexpr size_t kQueryRoom = 256;  // the longest token with every letter escaped, and a setting beside it

struct Web {
    App& app;
    Streamer& streamer;
};

// Starts ports 80 and 81. False when there is no memory for it.
bool start_web(Web& web);

// Whether the request brought the token; answers 401 when it did not.
bool check_token(httpd_req_t* request);

// Whether no other site's page sent it; answers 403 when one did. A browser that knows the token brings it along for
// any page that asks, and not being able to read the answer is no comfort where something was changed.
bool check_origin(httpd_req_t* request);

App& app_of(httpd_req_t* request);

// Null where there is none, and where it is longer than the room: cut off, it could say something else.
const char* query_of(httpd_req_t* request, char text[kQueryRoom]);

// `json` as a whole, or 500 when it did not fit.
esp_err_t answer(httpd_req_t* request, const char* status, const JsonOut& json);
esp_err_t answer_error(httpd_req_t* request, const char* status, const char* code, const char* message);

// The peer's address as text, in room for kAddress of the slot.
void peer_of(httpd_req_t* request, char* text, size_t room);

}  // namespace vedette
