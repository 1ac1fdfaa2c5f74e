// The stream's own task: it alone sends frames, to the one viewer in the slot.
//
// The law: the web server hands a request over and is free at once, so that a second viewer can be refused with
// words. Bytes go out in pieces of a second at most, and after each the slot is asked whether the viewer is still
// there.
#pragma once

#include <esp_http_server.h>
#include <freertos/queue.h>

#include "app.h"

namespace vedette {

class Streamer {
  public:
    explicit Streamer(App& app) : m_app(app) {}

    bool begin();

    // With the slot taken. False when it could not be; the caller releases the slot then.
    bool hand_over(httpd_req_t* request);

  private:
    struct Job {
        httpd_req_t* request;
        httpd_handle_t server;
        int socket;
    };

    static void task(void* self);
    void serve(const Job& job);
    bool next_frame(camera_fb_t*& frame);
    bool send_frame(const Job& job, const camera_fb_t& frame);
    bool send(const Job& job, const char* bytes, size_t length);

    App& m_app;
    QueueHandle_t m_jobs = nullptr;
};

}  // namespace vedette
