#include "settings.h"

#include <cstdio>
#include <cstring>

#include "json_in.h"
#include "request.h"

namespace vedette {

namespace {

constexpr char kResolution[] = "resolution";

}  // namespace

Refusal Settings::understand(const char* name, const char* value, Wish& wish) const {
    Var var{};
    const bool is_resolution = strcmp(name, kResolution) == 0;
    if (is_resolution) {
        var = Var::Framesize;
    } else if (!var_of(name, var)) {
        return Refusal::UnknownName;
    }
    Size size{};
    if (var == Var::Framesize && parse_size(value, size)) {
        return check(var, index_of(size), wish);
    }
    int32_t number = 0;
    if (is_resolution || !parse_number(value, number)) {
        return Refusal::NotANumber;
    }
    return check(var, number, wish);
}

Refusal Settings::check(Var var, int32_t value, Wish& wish) const {
    const Range range = range_of(var, m_sensor);
    if (value < range.low || value > range.high) {
        return Refusal::OutOfRange;
    }
    wish = {var, static_cast<int16_t>(value)};
    return Refusal::None;
}

void Settings::keep(Wish wish) {
    m_values[static_cast<int>(wish.var)] = wish.value;
    m_wanted |= mark_of(wish.var);
}

Refusal Settings::set(Var var, int32_t value) {
    Wish wish{};
    const Refusal refusal = check(var, value, wish);
    if (refusal == Refusal::None) {
        keep(wish);
    }
    return refusal;
}

void Settings::write(JsonOut& json) const {
    json.open();
    for (int index = 0; index < kVars; ++index) {
        const Var var = static_cast<Var>(index);
        if (!wanted(var) || !is_kept(var)) {
            continue;
        }
        if (var == Var::Framesize) {
            char size[12];
            write_size(size_at(value(var)), size, sizeof(size));
            json.text(kResolution, size);
        } else {
            json.number(var_name(var), value(var));
        }
    }
    json.close();
}

bool Settings::read(const char* json, size_t length) {
    JsonIn in(json, length);
    JsonIn::Pair pair{};
    JsonIn::Got got = in.next(pair);
    for (; got == JsonIn::Got::Pair; got = in.next(pair)) {
        Var var{};
        Wish wish{};
        if (!pair.is_text) {
            if (var_of(pair.name, var) && is_kept(var)) {
                set(var, pair.number);
            }
        } else if (understand(pair.name, pair.text, wish) == Refusal::None) {
            keep(wish);
        }
    }
    return got == JsonIn::Got::End;
}

void explain(Refusal refusal, Sensor sensor, const char* name, char* text, size_t room) {
    Var var = Var::Framesize;
    var_of(name, var);
    const Range range = range_of(var, sensor);
    char size[12];
    write_size(size_at(range.high), size, sizeof(size));
    if (refusal == Refusal::UnknownName) {
        snprintf(text, room, "there is no setting of this name");
    } else if (var == Var::Framesize) {
        snprintf(text, room, "a size this %s has, as WIDTHxHEIGHT, at most %s", sensor_name(sensor), size);
    } else {
        snprintf(text, room, "%s takes a whole number from %d to %d", name, range.low, range.high);
    }
}

}  // namespace vedette
