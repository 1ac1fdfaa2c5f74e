// Writes JSON into memory that the caller owns.
//
// The law: nothing is allocated and nothing is written past the end. What does not fit is left out from there on, and
// `fits()` says so; the caller then answers an error instead of half a document.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vedette {

class JsonOut {
  public:
    JsonOut(char* text, size_t room);

    JsonOut& open();                       // {
    JsonOut& open(const char* key);        // "key":{
    JsonOut& close();                      // }
    JsonOut& number(const char* key, int64_t value);
    JsonOut& text(const char* key, const char* value);  // null for a null pointer
    JsonOut& flag(const char* key, bool value);
    JsonOut& null(const char* key);

    bool fits() const { return m_fits; }
    const char* c_str() const { return m_text; }
    size_t length() const { return m_length; }

  private:
    void key(const char* name);
    void put(char character);
    void put(const char* characters);
    void put_escaped(const char* characters);

    char* m_text;
    size_t m_room;
    size_t m_length = 0;
    bool m_comma = false;
    bool m_fits = true;
};

}  // namespace vedette
