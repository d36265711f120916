"""Three ways to fail, each named after what to do next.

    SeinpaalError
    ├── Unreadable   park the record with its reason; never try it again unasked
    ├── TryLater     nothing was decided: rewind, wait, read the same records again (Stuck: perhaps those beside it go)
    └── Refused      a person asked for what cannot be done; the text says what to do instead

Anything else is a bug: it is parked record by record, so that its neighbours go on.
"""

from schemas.words import Language, Words


class SeinpaalError(Exception):
    """The root. Its text never holds personal data."""

    def __init__(self, text: str | Words = "") -> None:
        self.words = Words(text, text) if isinstance(text, str) else text
        super().__init__(self.words.en)

    def said(self, language: Language) -> str:
        """In the reader's language, where there are words in it."""
        return self.words.in_(language)


class Unreadable(SeinpaalError):  # noqa: N818  the name is the instruction
    """This record can never be carried as it is.

    `reason` is a stable code for machines (`kebab-case`), `field` the path of the field to fix, without its value.
    """

    def __init__(self, reason: str, *, field: str = "", fix: str = "") -> None:
        super().__init__(": ".join(part for part in (reason, field, fix) if part))
        self.reason = reason
        self.field = field
        self.fix = fix


class TryLater(SeinpaalError):  # noqa: N818  the name is the instruction
    """Something we need is not there now: the broker, the database, a key."""


class Stuck(TryLater):
    """The database gave up on one statement, and may carry others out: that may be the doing of one record."""


class Refused(SeinpaalError):  # noqa: N818  the name is the instruction
    """A command or a settings file that cannot be carried out, with the fix in its text."""


def told(error: BaseException) -> str:
    """What may be told of it anywhere: its text when it is ours, which never holds personal data; else its class."""
    return str(error) if isinstance(error, SeinpaalError) else type(error).__name__
