"""HEARD: one exchange of a trial, as it was written down. Pure."""

from dataclasses import dataclass
from datetime import datetime

from services.notify.reply import Reply


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back, how long it took in seconds, and when it ended."""

    reply: Reply
    seconds: float
    at: datetime
