// The optional token that guards the board.
//
// The law: no token set, everybody may; one set, whoever brings it may. It is brought as `Authorization: Bearer
// TOKEN`, as the password of Basic with any user name of any length (what recorders can put into a URL), or as `?token=`
// (what an <img> can). The comparison takes as long for a wrong first letter as for a wrong last one. There is no TLS
// on the board: whoever can listen on the network can read the token.
#pragma once

#include <cstddef>

namespace vedette {

constexpr size_t kTokenRoom = 64;      // a token's 63 characters and its end
constexpr size_t kShortestToken = 8;   // it is also the set-up network's password, and WPA2 wants 8

// Equal, found out in a time that depends only on the length of `given`.
bool equal_constant_time(const char* given, const char* secret);

// Null where there is no such header or parameter.
bool may_enter(const char* token, const char* authorization, const char* query);

// A token that can be set: 8 to 63 printable characters without spaces; or none at all.
bool is_good_token(const char* token);

}  // namespace vedette
