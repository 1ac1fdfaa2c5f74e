#pragma once
#include <stdint.h>
class IPAddress {
  public:
    IPAddress();
    IPAddress(uint32_t address);
    operator uint32_t() const;
};
