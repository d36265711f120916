"""TOKEN: what a token endpoint's answer comes to (RFC 6749, section 5). Pure: the time is an argument."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import orjson

from services.notify.classify import AT_TOKEN_ENDPOINT, CLOCKS_APART, clocks_apart
from services.notify.reply import Answer, Lost, NotSent, Reply

UNSAID_SECONDS: Final = 60.0
"""How long a token counts whose endpoint does not say."""

LONGEST_SECONDS: Final = 86_400.0
TRAVEL_SECONDS: Final = 5.0
"""Before its end a token is not shown any more: it must still be good when it arrives."""

EARLY_SHARE: Final = 0.2
"""The last part of a token's life, in which another is fetched while it is still good."""

_BEARER: Final = re.compile(r"[A-Za-z0-9._~+/-]{1,8192}=*")
"""RFC 6750, section 2.1; anything else could be a header of somebody else's choice."""

_TOO_MANY: Final = 429
_LATER: Final = frozenset({408, 425})
_ERRORS: Final = {"invalid_client": "token-invalid-client", "invalid_scope": "token-invalid-scope"}
_OF_AN_ASSERTION: Final = frozenset({"invalid_client", "invalid_grant", "invalid_request"})
_PASSING: Final = frozenset({"temporarily_unavailable", "server_error", "slow_down"})


@dataclass(frozen=True, slots=True)
class Token:
    """`good_until` and `renew_at` are seconds of the clock that only goes forward."""

    value: str = field(repr=False)
    renew_at: float
    good_until: float


def token(reply: Reply, asked_at: float, signed_at: datetime | None = None) -> Token | NotSent:
    """The token, or why nothing can be sent without it. `signed_at` is of our assertion, where we sign one.

    A code with `token-` before it is of the token endpoint. A 4xx is for a person (our key, our scope, their address);
    whatever else is tried again later.
    """
    match reply:
        case Answer(status=status, body=body) if 200 <= status < 300:  # noqa: PLR2004  the class of success
            return _granted(body, asked_at) or NotSent("token-unreadable", status=status)
        case Answer(status=status):
            return replace(_denied(reply, signed_at), status=status)
        case NotSent(reason=reason):
            return NotSent(f"token-{reason}")
        case Lost(reason=reason):
            return NotSent(f"token-{reason}")


def _granted(body: bytes | None, asked_at: float) -> Token | None:
    said = _object(body)
    value, kind = said.get("access_token"), said.get("token_type")
    if not (isinstance(value, str) and _BEARER.fullmatch(value) and isinstance(kind, str) and kind.lower() == "bearer"):
        return None
    lasts = _seconds(said.get("expires_in"))
    return Token(value, asked_at + lasts * (1 - EARLY_SHARE), asked_at + max(lasts - TRAVEL_SECONDS, lasts / 2))


def _seconds(said: Any) -> float:
    """Some say it in text. What is no number, or nothing at all, is taken for a short time."""
    if isinstance(said, str) and said.isascii() and said.isdecimal():
        said = int(said[:9])
    if isinstance(said, bool) or not isinstance(said, int | float):
        return UNSAID_SECONDS
    return min(max(float(said), 0.0), LONGEST_SECONDS)


def _denied(answer: Answer, signed_at: datetime | None) -> NotSent:
    status, said = answer.status, str(_object(answer.body).get("error"))
    if status == _TOO_MANY:
        return NotSent("token-throttled", answer.retry_after, answer.date)
    if status >= 500 or status in _LATER or said in _PASSING:  # noqa: PLR2004  the class of server errors
        return NotSent("token-unavailable", answer.retry_after, answer.date)
    if signed_at is not None and said in _OF_AN_ASSERTION and clocks_apart(answer.date, signed_at):
        return NotSent(AT_TOKEN_ENDPOINT + CLOCKS_APART)
    return NotSent(_ERRORS.get(said, "token-refused"))


def _object(body: bytes | None) -> dict[str, Any]:
    try:
        said: Any = orjson.loads(body or b"")
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}
