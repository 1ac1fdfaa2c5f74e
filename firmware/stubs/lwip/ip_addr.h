#pragma once
#include <stdint.h>
struct ip4_addr {
    uint32_t addr;
};
typedef struct ip4_addr ip4_addr_t;
struct ip6_addr {
    uint32_t addr[4];
    uint8_t zone;
};
typedef struct ip6_addr ip6_addr_t;
enum lwip_ip_addr_type { IPADDR_TYPE_V4 = 0U, IPADDR_TYPE_V6 = 6U };
typedef struct ip_addr {
    union {
        ip6_addr_t ip6;
        ip4_addr_t ip4;
    } u_addr;
    uint8_t type;
} ip_addr_t;
extern const ip_addr_t ip_addr_any_type;
