#pragma once
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "IPAddress.h"
#include "WString.h"
#include "esp_attr.h"
#include "esp_system.h"
#include "freertos/FreeRTOS.h"
#include "freertos/queue.h"
#include "freertos/semphr.h"
#include "freertos/task.h"
#include "sdkconfig.h"

#define LOW 0x0
#define HIGH 0x1
#define INPUT 0x01
#define OUTPUT 0x03
#define PI 3.1415926535897932384626433832795
#define SERIAL 0x0
#define DISPLAY 0x1
#define sq(x) ((x) * (x))
#define lowByte(w) ((uint8_t)((w)&0xff))
#define highByte(w) ((uint8_t)((w) >> 8))
#define bitRead(value, bit) (((value) >> (bit)) & 0x01)
#define bit(b) (1UL << (b))
#define _BV(b) (1UL << (b))
#define F(string_literal) (string_literal)

unsigned long millis();
void delay(uint32_t ms);
void pinMode(uint8_t pin, uint8_t mode);
void digitalWrite(uint8_t pin, uint8_t val);
bool psramFound();
float temperatureRead();
bool ledcAttachChannel(uint8_t pin, uint32_t freq, uint8_t resolution, uint8_t channel);
bool ledcWrite(uint8_t pin, uint32_t duty);

class HardwareSerial {
  public:
    void begin(unsigned long baud);
    size_t println(const char* text);
    size_t printf(const char* format, ...) __attribute__((format(printf, 2, 3)));
};
extern HardwareSerial Serial;

class EspClass {
  public:
    void restart();
    uint32_t getFreeHeap();
    uint32_t getMinFreeHeap();
    uint32_t getFreePsram();
};
extern EspClass ESP;
