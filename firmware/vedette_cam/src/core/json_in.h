// Reads one flat JSON object, `{"quality":12,"resolution":"800x600"}`, from memory, pair by pair.
//
// The law: nothing is allocated, no byte past the end is looked at, and what is not such an object ends the reading
// with an error. Values are whole numbers, true, false (1 and 0) and short texts; nothing else is needed here, and a
// number with a fraction is an error rather than a rounded one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vedette {

class JsonIn {
  public:
    static constexpr size_t kName = 24;   // longest name, with its end
    static constexpr size_t kText = 24;   // longest text value, with its end

    struct Pair {
        char name[kName];
        bool is_text;
        char text[kText];
        int32_t number;
    };

    enum class Got : uint8_t { Pair, End, Error };

    JsonIn(const char* text, size_t length) : m_at(text), m_end(text + length) {}

    Got next(Pair& pair);

  private:
    void skip_space();
    bool take(char character);
    bool take_word(const char* word);
    bool read_text(char* text, size_t room);
    bool read_number(int32_t& number);
    bool read_value(Pair& pair);
    Got fail();

    const char* m_at;
    const char* m_end;
    bool m_opened = false;
    bool m_failed = false;
    bool m_closed = false;
};

}  // namespace vedette
