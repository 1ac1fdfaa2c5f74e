#include "camera.h"

#include <driver/gpio.h>
#include <esp_timer.h>

#include "../core/sensor_watch.h"
#include "lock.h"

namespace vedette {

// The numbers of sizes.h are those of the driver since 2.0.14 (arduino-esp32 3.1 and newer).
static_assert(FRAMESIZE_QVGA == 6 && FRAMESIZE_UXGA == 15 && FRAMESIZE_5MP == 24, "needs arduino-esp32 3.1 or newer");
static_assert(PIXFORMAT_JPEG == 4, "needs arduino-esp32 3.1 or newer");

namespace {

constexpr int kDefaultXclk = 20;  // MHz
constexpr int kDefaultQuality = 12;
constexpr int kDefaultSize = FRAMESIZE_SVGA;
constexpr framesize_t kLargestInDram = FRAMESIZE_SVGA;  // without PSRAM; no smaller number has more pixels
constexpr int64_t kStale = 1000000;  // µs
constexpr int kStaleTries = 3;
// Not 0, which the driver uses for XCLK, nor 1, which shares its timer; the core would hand out the first free one.
constexpr uint8_t kLampChannel = 7;

camera_config_t config_for(const Pins& pins, int xclk) {
    camera_config_t config{};
    config.pin_pwdn = pins.pwdn;
    config.pin_reset = pins.reset;
    config.pin_xclk = pins.xclk;
    config.pin_sccb_sda = pins.sda;
    config.pin_sccb_scl = pins.scl;
    config.pin_d7 = pins.d7;
    config.pin_d6 = pins.d6;
    config.pin_d5 = pins.d5;
    config.pin_d4 = pins.d4;
    config.pin_d3 = pins.d3;
    config.pin_d2 = pins.d2;
    config.pin_d1 = pins.d1;
    config.pin_d0 = pins.d0;
    config.pin_vsync = pins.vsync;
    config.pin_href = pins.href;
    config.pin_pclk = pins.pclk;
    config.xclk_freq_hz = xclk * 1000000;
    config.ledc_timer = LEDC_TIMER_0;
    config.ledc_channel = LEDC_CHANNEL_0;
    config.pixel_format = PIXFORMAT_JPEG;
    config.jpeg_quality = kDefaultQuality;
    if (psramFound()) {
        config.frame_size = FRAMESIZE_5MP;  // the driver takes the sensor's own largest instead
        config.fb_location = CAMERA_FB_IN_PSRAM;
        config.fb_count = 2;
        config.grab_mode = CAMERA_GRAB_LATEST;
    } else {
        config.frame_size = kLargestInDram;
        config.fb_location = CAMERA_FB_IN_DRAM;
        config.fb_count = 1;
        config.grab_mode = CAMERA_GRAB_WHEN_EMPTY;
    }
    return config;
}

int64_t age_of(const camera_fb_t& frame) {
    const BootTime taken = time_of(frame);
    return esp_timer_get_time() - (taken.seconds * 1000000 + taken.microseconds);
}

}  // namespace

BootTime time_of(const camera_fb_t& frame) {
    return {static_cast<int64_t>(frame.timestamp.tv_sec), static_cast<int32_t>(frame.timestamp.tv_usec)};
}

bool Camera::begin(const Settings& wanted) {
    m_mutex = xSemaphoreCreateMutex();
    if (has_lamp()) {
        ledcAttachChannel(static_cast<uint8_t>(m_pins.lamp), 5000, 8, kLampChannel);
        light(0);
    }
    return start(wanted);
}

bool Camera::start(const Settings& wanted) {
    const int xclk = wanted.wanted(Var::Xclk) ? wanted.value(Var::Xclk) : kDefaultXclk;
    const camera_config_t config = config_for(m_pins, xclk);
    m_started = esp_camera_init(&config) == ESP_OK;
    if (m_started) {
        const sensor_t* sensor = esp_camera_sensor_get();
        m_sensor = sensor_of(sensor->id.PID);
        write(Var::Framesize, kDefaultSize);
        for (int index = 0; index < kVars; ++index) {
            const Var var = static_cast<Var>(index);
            const Range range = range_of(var, m_sensor);
            const int value = wanted.value(var);
            if (wanted.wanted(var) && is_kept(var) && var != Var::Xclk && value >= range.low && value <= range.high) {
                write(var, value);
            }
        }
    }
    Lock lock(m_mutex);
    m_closed = !m_started;
    return m_started;
}

bool Camera::enter() {
    Lock lock(m_mutex);
    if (m_closed) {
        return false;
    }
    ++m_inside;
    return true;
}

void Camera::leave() {
    Lock lock(m_mutex);
    --m_inside;
}

Camera::Taken Camera::take(camera_fb_t*& frame) {
    if (!enter()) {
        return Taken::Closed;
    }
    frame = esp_camera_fb_get();
    for (int i = 0; i < kStaleTries && frame != nullptr && age_of(*frame) > kStale; ++i) {
        esp_camera_fb_return(frame);
        frame = esp_camera_fb_get();
    }
    if (frame != nullptr) {
        return Taken::Frame;
    }
    leave();
    return Taken::Silent;
}

void Camera::give(camera_fb_t* frame) {
    esp_camera_fb_return(frame);
    leave();
}

void Camera::close() {
    Lock lock(m_mutex);
    m_closed = true;
}

bool Camera::idle() {
    Lock lock(m_mutex);
    return m_inside == 0;
}

bool Camera::power_cycle(const Settings& wanted) {
    if (m_started) {
        esp_camera_deinit();
    }
    if (m_pins.pwdn >= 0) {
        const auto pin = static_cast<uint8_t>(m_pins.pwdn);
        pinMode(pin, OUTPUT);
        digitalWrite(pin, HIGH);
        delay(SensorWatch::kPowerDown);
        digitalWrite(pin, LOW);
        delay(20);
    }
    return start(wanted);
}

bool Camera::light(int brightness) {
    m_lamp = static_cast<int16_t>(brightness);
    return ledcWrite(static_cast<uint8_t>(m_pins.lamp), static_cast<uint32_t>(brightness));
}

Camera::Applied Camera::apply(Var var, int value) {
    if (var == Var::LedIntensity) {
        return has_lamp() && light(value) ? Applied::Yes : Applied::No;
    }
    if (!enter()) {
        return Applied::NotNow;
    }
    const bool is_written = write(var, value);
    leave();
    return is_written ? Applied::Yes : Applied::No;
}

bool Camera::write(Var var, int value) {
    sensor_t* s = esp_camera_sensor_get();
    switch (var) {
        case Var::Xclk:
            return s->set_xclk(s, LEDC_TIMER_0, value) == 0;
        case Var::Framesize:
            return (psramFound() || value <= kLargestInDram) &&
                   s->set_framesize(s, static_cast<framesize_t>(value)) == 0;
        case Var::Quality:
            return s->set_quality(s, value) == 0;
        case Var::Brightness:
            return s->set_brightness(s, value) == 0;
        case Var::Contrast:
            return s->set_contrast(s, value) == 0;
        case Var::Saturation:
            return s->set_saturation(s, value) == 0;
        case Var::SpecialEffect:
            return s->set_special_effect(s, value) == 0;
        case Var::WbMode:
            return s->set_wb_mode(s, value) == 0;
        case Var::Awb:
            return s->set_whitebal(s, value) == 0;
        case Var::AwbGain:
            return s->set_awb_gain(s, value) == 0;
        case Var::Aec:
            return s->set_exposure_ctrl(s, value) == 0;
        case Var::Aec2:
            return s->set_aec2(s, value) == 0;
        case Var::AeLevel:
            return s->set_ae_level(s, value) == 0;
        case Var::AecValue:
            return s->set_aec_value(s, value) == 0;
        case Var::Agc:
            return s->set_gain_ctrl(s, value) == 0;
        case Var::AgcGain:
            return s->set_agc_gain(s, value) == 0;
        case Var::Gainceiling:
            return s->set_gainceiling(s, static_cast<gainceiling_t>(value)) == 0;
        case Var::Bpc:
            return s->set_bpc(s, value) == 0;
        case Var::Wpc:
            return s->set_wpc(s, value) == 0;
        case Var::RawGma:
            return s->set_raw_gma(s, value) == 0;
        case Var::Lenc:
            return s->set_lenc(s, value) == 0;
        case Var::Hmirror:
            return s->set_hmirror(s, value) == 0;
        case Var::Vflip:
            return s->set_vflip(s, value) == 0;
        case Var::Dcw:
            return s->set_dcw(s, value) == 0;
        case Var::Colorbar:
            return s->set_colorbar(s, value) == 0;
        case Var::LedIntensity:
            return false;
    }
    return false;
}

bool Camera::report(int16_t values[kVars]) {
    for (int index = 0; index < kVars; ++index) {
        values[index] = 0;
    }
    values[static_cast<int>(Var::LedIntensity)] = m_lamp;
    if (!enter()) {
        return false;
    }
    const sensor_t* s = esp_camera_sensor_get();
    const camera_status_t& now = s->status;
    const auto put = [values](Var var, int value) { values[static_cast<int>(var)] = static_cast<int16_t>(value); };
    put(Var::Xclk, s->xclk_freq_hz / 1000000);
    put(Var::Framesize, now.framesize);
    put(Var::Quality, now.quality);
    put(Var::Brightness, now.brightness);
    put(Var::Contrast, now.contrast);
    put(Var::Saturation, now.saturation);
    put(Var::SpecialEffect, now.special_effect);
    put(Var::WbMode, now.wb_mode);
    put(Var::Awb, now.awb);
    put(Var::AwbGain, now.awb_gain);
    put(Var::Aec, now.aec);
    put(Var::Aec2, now.aec2);
    put(Var::AeLevel, now.ae_level);
    put(Var::AecValue, now.aec_value);
    put(Var::Agc, now.agc);
    put(Var::AgcGain, now.agc_gain);
    put(Var::Gainceiling, now.gainceiling);
    put(Var::Bpc, now.bpc);
    put(Var::Wpc, now.wpc);
    put(Var::RawGma, now.raw_gma);
    put(Var::Lenc, now.lenc);
    put(Var::Hmirror, now.hmirror);
    put(Var::Vflip, now.vflip);
    put(Var::Dcw, now.dcw);
    put(Var::Colorbar, now.colorbar);
    leave();
    return true;
}

}  // namespace vedette
