#include "reasons.h"

namespace vedette {

namespace {

constexpr Reason kReasons[] = {
    {1, Remedy::Again, "UNSPECIFIED", "the connection ended without a stated reason"},
    {2, Remedy::Again, "AUTH_EXPIRE", "the access point forgot this board"},
    {3, Remedy::Again, "AUTH_LEAVE", "the access point is leaving"},
    {4, Remedy::Again, "DISASSOC_DUE_TO_INACTIVITY", "the access point found this board too quiet"},
    {5, Remedy::Later, "ASSOC_TOOMANY", "the access point has too many guests"},
    {6, Remedy::Again, "CLASS2_FRAME_FROM_NONAUTH_STA", "the access point no longer knows this board"},
    {7, Remedy::Again, "CLASS3_FRAME_FROM_NONASSOC_STA", "the access point no longer knows this board"},
    {8, Remedy::Fresh, "ASSOC_LEAVE", "the access point sent this board away"},
    {9, Remedy::Again, "ASSOC_NOT_AUTHED", "joining began before signing in had ended"},
    {10, Remedy::Later, "DISASSOC_PWRCAP_BAD", "the access point does not accept this board's transmit power"},
    {11, Remedy::Later, "DISASSOC_SUPCHAN_BAD", "the access point does not accept this board's channels"},
    {12, Remedy::Later, "BSS_TRANSITION_DISASSOC", "the access point wants this board on another one"},
    {13, Remedy::Fresh, "IE_INVALID", "a damaged message"},
    {14, Remedy::Again, "MIC_FAILURE", "a message failed its check"},
    {15, Remedy::Password, "4WAY_HANDSHAKE_TIMEOUT", "the password is wrong, or the signal is weak"},
    {16, Remedy::Again, "GROUP_KEY_UPDATE_TIMEOUT", "the key could not be renewed in time"},
    {17, Remedy::Fresh, "IE_IN_4WAY_DIFFERS", "the access point changed its mind while connecting"},
    {18, Remedy::Later, "GROUP_CIPHER_INVALID", "the access point uses a cipher this board does not know"},
    {19, Remedy::Later, "PAIRWISE_CIPHER_INVALID", "the access point uses a cipher this board does not know"},
    {20, Remedy::Later, "AKMP_INVALID", "the access point wants a way of signing in this board does not know"},
    {21, Remedy::Later, "UNSUPP_RSN_IE_VERSION", "the access point speaks a newer protocol"},
    {22, Remedy::Later, "INVALID_RSN_IE_CAP", "the access point asks for what this board cannot do"},
    {23, Remedy::Password, "802_1X_AUTH_FAILED", "the network refused the sign-in"},
    {24, Remedy::Later, "CIPHER_SUITE_REJECTED", "the access point refused the cipher"},
    {25, Remedy::Again, "TDLS_PEER_UNREACHABLE", "a direct link broke"},
    {26, Remedy::Again, "TDLS_UNSPECIFIED", "a direct link ended"},
    {27, Remedy::Later, "SSP_REQUESTED_DISASSOC", "the provider ended the connection"},
    {28, Remedy::Later, "NO_SSP_ROAMING_AGREEMENT", "the provider does not serve this board"},
    {29, Remedy::Later, "BAD_CIPHER_OR_AKM", "the access point refused the cipher"},
    {30, Remedy::Later, "NOT_AUTHORIZED_THIS_LOCATION", "this board is not allowed at this place"},
    {31, Remedy::Later, "SERVICE_CHANGE_PERCLUDES_TS", "the access point changed its service"},
    {32, Remedy::Again, "UNSPECIFIED_QOS", "the access point could not keep its quality of service"},
    {33, Remedy::Later, "NOT_ENOUGH_BANDWIDTH", "the access point has no bandwidth left"},
    {34, Remedy::Again, "MISSING_ACKS", "too many messages went unanswered: weak signal"},
    {35, Remedy::Again, "EXCEEDED_TXOP", "this board talked too long"},
    {36, Remedy::Again, "STA_LEAVING", "the connection was ended"},
    {37, Remedy::Again, "END_BA", "the connection was ended"},
    {38, Remedy::Fresh, "UNKNOWN_BA", "the access point lost count of messages"},
    {39, Remedy::Again, "TIMEOUT", "the access point did not answer in time"},
    {46, Remedy::Again, "PEER_INITIATED", "the other side ended the connection"},
    {47, Remedy::Again, "AP_INITIATED", "the access point ended the connection"},
    {48, Remedy::Fresh, "INVALID_FT_ACTION_FRAME_COUNT", "a fast change of access points failed"},
    {49, Remedy::Fresh, "INVALID_PMKID", "the access point no longer knows the remembered key"},
    {50, Remedy::Fresh, "INVALID_MDE", "a fast change of access points failed"},
    {51, Remedy::Fresh, "INVALID_FTE", "a fast change of access points failed"},
    {67, Remedy::Again, "TRANSMISSION_LINK_ESTABLISH_FAILED", "no link could be made"},
    {68, Remedy::Later, "ALTERATIVE_CHANNEL_OCCUPIED", "the other channel is taken"},
    {200, Remedy::Again, "BEACON_TIMEOUT", "the access point fell silent"},
    {201, Remedy::Absent, "NO_AP_FOUND", "no network of that name is in reach"},
    {202, Remedy::Password, "AUTH_FAIL", "the password is wrong, or the access point is busy"},
    {203, Remedy::Again, "ASSOC_FAIL", "the access point refused the connection"},
    {204, Remedy::Password, "HANDSHAKE_TIMEOUT", "the password is wrong, or the signal is weak"},
    {205, Remedy::Again, "CONNECTION_FAIL", "the connection failed"},
    {206, Remedy::Again, "AP_TSF_RESET", "the access point restarted"},
    {207, Remedy::Again, "ROAMING", "changing to another access point"},
    {208, Remedy::Later, "ASSOC_COMEBACK_TIME_TOO_LONG", "the access point asks to come back much later"},
    {209, Remedy::Fresh, "SA_QUERY_TIMEOUT", "the access point did not confirm the connection"},
    {210, Remedy::Absent, "NO_AP_FOUND_W_COMPATIBLE_SECURITY", "the network was found, but not with WPA2 or WPA3"},
    {211, Remedy::Absent, "NO_AP_FOUND_IN_AUTHMODE_THRESHOLD", "the network was found, but it is not safe enough"},
    {212, Remedy::Absent, "NO_AP_FOUND_IN_RSSI_THRESHOLD", "the network was found, but it is too weak"},
};

}  // namespace

Reason reason_for(uint8_t code) {
    for (const Reason& reason : kReasons) {
        if (reason.code == code) {
            return reason;
        }
    }
    return {code, Remedy::Again, kReasons[0].name, kReasons[0].meaning};
}

Millis pause_before(Remedy remedy) {
    switch (remedy) {
        case Remedy::Again:
        case Remedy::Fresh:
            return 1 * kSecond;  // an access point that kicks at once must not keep the radio busy
        case Remedy::Password:
            return 3 * kSecond;
        case Remedy::Absent:
            return 4 * kSecond;  // a scan of all channels takes about 2 s
        case Remedy::Later:
            return 10 * kSecond;
    }
    return 1 * kSecond;
}

const Reason* all_reasons(size_t& count) {
    count = sizeof(kReasons) / sizeof(kReasons[0]);
    return kReasons;
}

}  // namespace vedette
