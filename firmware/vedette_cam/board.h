// The one line to change for another board; the rows are in src/device/pins.h.
#pragma once

#include "src/device/pins.h"

#if !defined(VEDETTE_BOARD)
#if CONFIG_IDF_TARGET_ESP32S3
#define VEDETTE_BOARD kEsp32S3Eye  // also Freenove's ESP32-S3-WROOM CAM and most "ESP32-S3-CAM"
#else
#define VEDETTE_BOARD kAiThinker
#endif
#endif
