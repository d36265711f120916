"""TLS FAULT: what a handshake that failed is called. The codes are stable: ledger, metrics and reports name them."""

import ssl
from typing import Final

from services.notify.pin import WrongPin

_VERIFY: Final = {
    9: "certificate-not-yet-valid",
    10: "certificate-expired",
    18: "certificate-untrusted",  # self-signed
    19: "certificate-untrusted",  # self-signed in its chain
    20: "certificate-untrusted",  # of an authority we do not know
    21: "certificate-untrusted",  # nor is there one in between
    62: "wrong-host",
    64: "wrong-host",  # an address that the certificate does not name
}
"""OpenSSL's X509_V_ERR_…"""

_TOO_OLD: Final = frozenset({"TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL"})

_OURS_REFUSED: Final = frozenset(
    {
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        "SSLV3_ALERT_CERTIFICATE_REVOKED",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
        "TLSV13_ALERT_CERTIFICATE_REQUIRED",
        "TLSV1_ALERT_ACCESS_DENIED",
        "TLSV1_ALERT_DECRYPT_ERROR",
        "TLSV1_ALERT_UNKNOWN_CA",
    }
)
"""Alerts about the certificate we showed, or did not (RFC 8446, section 6.2)."""


def refused_ours(error: BaseException | None) -> bool:
    """Whether they ended the handshake over who we are. Under TLS 1.3 that is heard after ours has ended.

    What was written meanwhile was never read by them: a server reads nothing before its handshake has ended.
    """
    return isinstance(error, ssl.SSLError) and error.reason in _OURS_REFUSED


def fault(error: BaseException | None) -> str:
    """The code of a handshake that failed; `no-tls` when it is none that says more."""
    match error:
        case WrongPin():
            return "wrong-pin"
        case ssl.SSLCertVerificationError(verify_code=code):
            return _VERIFY.get(code, "certificate-invalid")
        case ssl.SSLError(reason=reason) if reason in _TOO_OLD:
            return "tls-too-old"
        case _ if refused_ours(error):
            return "client-certificate-refused"
        case _:
            return "no-tls"
