#include "streamer.h"

#include <lwip/sockets.h>

#include <cstring>

#include "lock.h"
#include "web.h"

namespace vedette {

namespace {

constexpr uint32_t kStack = 6144;
constexpr UBaseType_t kPriority = 5;  // the web server's
constexpr size_t kPiece = 8192;
constexpr int kTries = 2;

void set_send_timeout(int socket) {
    timeval second{};
    second.tv_sec = 1;
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second));
}

}  // namespace

bool Streamer::begin() {
    m_jobs = xQueueCreate(1, sizeof(Job));
    return m_jobs != nullptr && xTaskCreate(task, "stream", kStack, this, kPriority, nullptr) == pdPASS;
}

bool Streamer::hand_over(httpd_req_t* request) {
    Job job{};
    job.server = request->handle;
    job.socket = httpd_req_to_sockfd(request);
    if (httpd_req_async_handler_begin(request, &job.request) != ESP_OK) {
        return false;
    }
    if (xQueueSend(m_jobs, &job, 0) == pdTRUE) {
        return true;
    }
    httpd_req_async_handler_complete(job.request);
    return false;
}

void Streamer::task(void* self) {
    auto& streamer = *static_cast<Streamer*>(self);
    for (;;) {
        Job job{};
        if (xQueueReceive(streamer.m_jobs, &job, portMAX_DELAY) != pdTRUE) {
            continue;
        }
        streamer.serve(job);
        httpd_req_async_handler_complete(job.request);
        httpd_sess_trigger_close(job.server, job.socket);
        Lock lock(streamer.m_app.lock);
        streamer.m_app.slot.release();
    }
}

void Streamer::serve(const Job& job) {
    camera_fb_t* frame = nullptr;
    if (!next_frame(frame)) {
        answer_error(job.request, "503 Service Unavailable", "sensor_silent", "the sensor gives no frames");
        return;
    }
    set_send_timeout(job.socket);
    {
        Lock lock(m_app.lock);
        m_app.slot.frame_began(millis());
    }
    bool goes_on = send(job, kStreamHead, strlen(kStreamHead));
    do {
        goes_on = goes_on && send_frame(job, *frame);
        m_app.camera.give(frame);
    } while (goes_on && !m_app.updating && next_frame(frame));
}

// One missed frame keeps the viewer; more are for the loop to deal with, and it needs the frames back for that.
bool Streamer::next_frame(camera_fb_t*& frame) {
    for (int i = 0; i < kTries; ++i) {
        const Camera::Taken taken = m_app.camera.take(frame);
        note_taken(m_app, taken);
        if (taken != Camera::Taken::Silent) {
            return taken == Camera::Taken::Frame;
        }
    }
    return false;
}

bool Streamer::send_frame(const Job& job, const camera_fb_t& frame) {
    char head[kPartHeadRoom];
    const size_t length = write_part_head(frame.len, time_of(frame), head, sizeof(head));
    {
        Lock lock(m_app.lock);
        m_app.slot.frame_began(millis());
    }
    if (!send(job, head, length) || !send(job, reinterpret_cast<const char*>(frame.buf), frame.len)) {
        return false;
    }
    Lock lock(m_app.lock);
    m_app.slot.frame_sent(millis());
    m_app.supervisor.traffic(millis());
    return true;
}

// False when the viewer is gone.
bool Streamer::send(const Job& job, const char* bytes, size_t length) {
    while (length > 0) {
        const size_t piece = length < kPiece ? length : kPiece;
        const int sent = httpd_socket_send(job.server, job.socket, bytes, piece, 0);
        if (sent < 0 && sent != HTTPD_SOCK_ERR_TIMEOUT) {
            return false;
        }
        Lock lock(m_app.lock);
        if (sent > 0) {
            m_app.slot.bytes_taken(millis());
            bytes += sent;
            length -= static_cast<size_t>(sent);
        }
        if (m_app.slot.vanished(millis())) {
            return false;
        }
    }
    return true;
}

}  // namespace vedette
