#pragma once
#include <stdint.h>
#include <sys/time.h>
#define AF_INET 2
#define SOL_SOCKET 0xfff
#define SO_SNDTIMEO 0x1005
typedef uint32_t socklen_t;
struct in6_addr {
    union {
        uint32_t u32_addr[4];
        uint8_t u8_addr[16];
    } un;
};
struct sockaddr {
    uint8_t sa_len;
    uint8_t sa_family;
    char sa_data[14];
};
struct sockaddr_in6 {
    uint8_t sin6_len;
    uint8_t sin6_family;
    uint16_t sin6_port;
    uint32_t sin6_flowinfo;
    struct in6_addr sin6_addr;
    uint32_t sin6_scope_id;
};
int getpeername(int s, struct sockaddr* name, socklen_t* namelen);
int setsockopt(int s, int level, int optname, const void* opval, socklen_t optlen);
const char* inet_ntop(int af, const void* src, char* dst, socklen_t size);
