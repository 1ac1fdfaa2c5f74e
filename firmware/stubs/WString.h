#pragma once
class String {
  public:
    String(const char* text = "");
    const char* c_str() const;
};
