"""ACTOR: who a command is given by, as every command that leaves a fact on the audit log takes it."""

import re
from typing import Annotated, Final

import typer

from schemas.signal import ACCOUNT
from schemas.words import Words, filled
from services.runtime.errors import Refused

LONGEST: Final = 64
_ACCOUNT: Final = re.compile(ACCOUNT)
_NO_NAMES: Final = Words(
    "--{} takes a pseudonym, never a name: a role, a dash and a number, in small letters and digits. "
    "Type lead-1, af-ijsselhof-2 or p-4711, as your organisation has given it to you",
    "--{} is een pseudoniem, nooit een naam: een rol, een streepje en een nummer, in kleine letters en cijfers. "
    "Typ lead-1, af-ijsselhof-2 of p-4711, zoals uw organisatie u dat heeft gegeven",
)


def account(option: str, given: str) -> str:
    """What was given as `--option`, when it names a role and not a person.

    Raises:
        Refused: when it may be somebody's name: it would stay on the audit log for good. It is not repeated.
    """
    if len(given) > LONGEST or _ACCOUNT.fullmatch(given) is None:
        raise Refused(filled(_NO_NAMES, option))
    return given


def _checked(option: typer.CallbackParam, given: str | None) -> str | None:
    return None if given is None else account(option.name or "", given)


Actor = Annotated[
    str,
    typer.Option(
        "--actor",
        callback=_checked,
        help="Who you are: a pseudonym, never a name, such as lead-1. Always said, never your login name: it stays on "
        "the audit log.",
    ),
]
"""Never taken from the machine: a login may be shared, so that two persons would be one, and may be somebody's name."""

MaybeActor = Annotated[
    str | None,
    typer.Option(
        "--actor",
        callback=_checked,
        help="Who you are, when the report is kept: a pseudonym such as lead-1, never your login name.",
        show_default=False,
    ),
]
"""Of a command that may also leave nothing on the audit log. It asks for it itself when it does."""

Assignee = Annotated[
    str, typer.Option("--to", callback=_checked, help="Whom it is given to: a pseudonym, such as af-2.")
]
