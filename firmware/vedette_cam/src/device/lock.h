// A lock that lets go at the end of its block.
//
// The law: held for a few lines of deciding, never while anything is sent, read, drawn or connected.
#pragma once

#include <freertos/FreeRTOS.h>
#include <freertos/semphr.h>

namespace vedette {

class Lock {
  public:
    explicit Lock(SemaphoreHandle_t mutex) : m_mutex(mutex) { xSemaphoreTake(m_mutex, portMAX_DELAY); }
    ~Lock() { xSemaphoreGive(m_mutex); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

  private:
    SemaphoreHandle_t m_mutex;
};

}  // namespace vedette
