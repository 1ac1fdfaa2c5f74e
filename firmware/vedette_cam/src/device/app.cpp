#include "app.h"

#include "lock.h"

namespace vedette {

void note_taken(App& app, Camera::Taken taken) {
    const Millis now = millis();
    Lock lock(app.lock);
    if (taken == Camera::Taken::Frame) {
        app.sensor.frame(now);
        app.ota.frame();
        app.restarts.frame_came();
    } else if (taken == Camera::Taken::Silent) {
        app.sensor.null_frame(now);
    }
}

}  // namespace vedette
