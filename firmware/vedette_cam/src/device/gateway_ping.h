// One ping to the gateway, and whether it came back.
//
// The law: asked and collected by the loop; the answer is left by the ping's own task.
#pragma once

#include <ping/ping_sock.h>

#include <atomic>

namespace vedette {

class GatewayPing {
  public:
    enum class Answer : uint8_t { None, Yes, No };

    // False when no ping could be sent: that says nothing about the gateway.
    bool ask(uint32_t gateway);

    // What came since the last call.
    Answer collect();

  private:
    static void on_answer(esp_ping_handle_t handle, void* self);
    static void on_silence(esp_ping_handle_t handle, void* self);
    static void on_end(esp_ping_handle_t handle, void* self);

    std::atomic<Answer> m_answer{Answer::None};
};

}  // namespace vedette
