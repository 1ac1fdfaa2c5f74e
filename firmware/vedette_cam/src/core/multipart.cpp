#include "multipart.h"

#include <cstdio>

namespace vedette {

size_t write_timestamp(BootTime taken, char* text, size_t room) {
    const int written = snprintf(text, room, "%lld.%06ld", static_cast<long long>(taken.seconds),
                                 static_cast<long>(taken.microseconds));
    return static_cast<size_t>(written);
}

size_t write_part_head(size_t length, BootTime taken, char* text, size_t room) {
    char timestamp[kTimestampRoom];
    write_timestamp(taken, timestamp, sizeof(timestamp));
    const int written = snprintf(text, room,
                                 "\r\n--vedettecam\r\n"
                                 "Content-Type: image/jpeg\r\n"
                                 "Content-Length: %lu\r\n"
                                 "X-Timestamp: %s\r\n"
                                 "\r\n",
                                 static_cast<unsigned long>(length), timestamp);
    return static_cast<size_t>(written);
}

}  // namespace vedette
