#pragma once
#include "FreeRTOS.h"
struct tskTaskControlBlock;
typedef struct tskTaskControlBlock* TaskHandle_t;
typedef void (*TaskFunction_t)(void*);
BaseType_t xTaskCreate(TaskFunction_t code, const char* name, uint32_t stack, void* argument, UBaseType_t priority,
                       TaskHandle_t* created);
