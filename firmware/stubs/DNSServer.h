#pragma once
class DNSServer {
  public:
    DNSServer();
    DNSServer(const DNSServer&) = delete;
    DNSServer& operator=(const DNSServer&) = delete;
    bool start();
    void stop();
};
