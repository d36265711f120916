"""REPLY: what came back over the wire, before anybody says what it means."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, two headers as they stood (Retry-After, Date), and the body; None when it was longer than we read."""

    status: int
    retry_after: str | None = None
    body: bytes | None = b""
    date: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class NotSent:
    """Not a byte of the request left: no address, no connection, no TLS, no token. `reason` is a stable code.

    `retry_after` is what somebody on the way asked for, as it stood: the token endpoint that was too busy. `date` is
    what its clock said then, `status` what it answered.
    """

    reason: str
    retry_after: str | None = None
    date: str | None = field(default=None, compare=False)
    status: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Lost:
    """The request left, at least in part, and no answer came. `reason` is a stable code."""

    reason: str


Reply = Answer | NotSent | Lost
