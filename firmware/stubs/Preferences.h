#pragma once
#include "Arduino.h"
class Preferences {
  public:
    bool begin(const char* name, bool readOnly = false, const char* partition_label = NULL);
    size_t putBool(const char* key, bool value);
    size_t putString(const char* key, const char* value);
    size_t putString(const char* key, String value);
    bool getBool(const char* key, bool defaultValue = false);
    size_t getString(const char* key, char* value, size_t maxLen);
    String getString(const char* key, String defaultValue = String());
};
