"""The household: a keyed pseudonym that lets signals about one dwelling add up without naming it."""

from hmac import digest


def household(key: bytes, dwelling: str) -> str:
    """HMAC-SHA-256 (RFC 2104) of the corporation's own dwelling id, 32 hex digits; no key, no way back.

    Case and spaces do not count, so that `E-555` and `e-555 ` are one dwelling.
    """
    return digest(key, "".join(dwelling.split()).casefold().encode(), "sha256").hex()[:32]
