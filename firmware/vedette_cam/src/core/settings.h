// What the sensor is wanted to do, and its keeping through restarts.
//
// The law: only what somebody set, and the sensor took, is kept and applied again: what it refused would be refused at
// each boot. Everything else stays as the driver has it. Kept as JSON under the names of `/control`, the size as WxH, so
// that a later firmware with another table reads it right.
// Loading takes what fits and leaves the rest: a setting of another sensor must not cost the others.
#pragma once

#include <cstddef>
#include <cstdint>

#include "json_out.h"
#include "variables.h"

namespace vedette {

enum class Refusal : uint8_t { None, UnknownName, NotANumber, OutOfRange };

// What `/control` was asked for: understood and within its range.
struct Wish {
    Var var;
    int16_t value;
};

class Settings {
  public:
    static constexpr size_t kRoom = 512;  // for all of them as JSON

    void use_sensor(Sensor sensor) { m_sensor = sensor; }
    Sensor sensor() const { return m_sensor; }

    // As `/control` gets them: `framesize` as number or WxH, `resolution` as WxH. `wish` is for keep(), when the
    // sensor has taken it.
    Refusal understand(const char* name, const char* value, Wish& wish) const;
    void keep(Wish wish);

    // At once, when it is within its range.
    Refusal set(Var var, int32_t value);

    bool wanted(Var var) const { return (m_wanted & mark_of(var)) != 0; }
    int16_t value(Var var) const { return m_values[static_cast<int>(var)]; }

    void clear() { m_wanted = 0; }

    void write(JsonOut& json) const;

    // False when the text is not such JSON; what came before the mistake is taken.
    bool read(const char* json, size_t length);

  private:
    Refusal check(Var var, int32_t value, Wish& wish) const;
    static uint32_t mark_of(Var var) { return uint32_t{1} << static_cast<unsigned>(var); }

    Sensor m_sensor = Sensor::Other;
    uint32_t m_wanted = 0;
    int16_t m_values[kVars] = {};
};

static_assert(kVars <= 32, "one bit each");

// Writes a sentence for a person: what was wrong with `name`.
void explain(Refusal refusal, Sensor sensor, const char* name, char* text, size_t room);

}  // namespace vedette
