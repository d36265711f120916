"""`seinpaal rules explain`: what the rules make of a signal that was decided, or of facts that nobody has told."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer

from schemas.message import Malformed
from schemas.signal import Facts
from schemas.words import Language, filled
from services.router import explain_terminal as terminal
from services.router import options, which_set
from services.router import refusal_words as refused
from services.router.example import made_up
from services.router.explain import explained, of_facts, plain, same_course
from services.router.recorded_decision import Taken, taken
from services.router.settings import CONFIG
from services.router.version_commands import database_url
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.file_words import unread


def explain(
    signal: Annotated[str | None, typer.Argument(help="Its id, or the first 8 digits of it or more.")] = None,
    *,
    facts: Annotated[
        Path | None, typer.Option(help="Instead: a JSON file of facts, or a signal. What is left out is not known.")
    ] = None,
    rules: Annotated[
        str | None,
        typer.Option(help="A set to ask: a folder or a version. Else the one that decided; for facts --config."),
    ] = None,
    revision: Annotated[int | None, typer.Option(help="Of the signal; else its newest.", min=1)] = None,
    config: options.Folder = CONFIG,
    on: Annotated[datetime | None, typer.Option(help="Facts: the day, else today.", formats=["%Y-%m-%d"])] = None,
    language: options.Lang,
    json: options.Json = False,
) -> None:
    """Tell which rules fire, which do not and at which part of their condition, what they saw, and who is told.

    Example: seinpaal rules explain 3f2a9c1e --language nl

    Example: seinpaal rules explain --facts schemas/examples/signal-nl.json
    """
    if (signal is None) is (facts is None):
        raise Refused(refused.ONE_OF_TWO)
    if signal is not None:
        _of_signal(signal, revision, rules, language, json=json)
    elif facts is not None:
        day = (on or now()).replace(tzinfo=UTC).date()
        asked, said = read_facts(facts)
        chosen = asyncio.run(which_set.meant(rules or str(config), database_url(), day))
        found = explained(of_facts(asked, day, said), chosen)
        if json:
            typer.echo(orjson.dumps(plain(found)))
        for line in () if json else terminal.lines(found, language):
            typer.echo(line)


COMMANDS: Final[tuple[Callable[..., None], ...]] = (explain,)


def _of_signal(text: str, revision: int | None, rules: str | None, language: Language, *, json: bool) -> None:
    url = database_url()
    one = asyncio.run(taken(url, text, revision))
    chosen = asyncio.run(which_set.meant(rules, url, one.question.now.date())) if rules else one.rules
    if chosen is None:
        raise Refused(filled(refused.NOT_KEPT, one.version[:12]))
    found = explained(one.question, chosen)
    as_decided = same_course(found.decision, one.past.decided)
    if json:
        typer.echo(orjson.dumps({**_case(one), "as_decided": as_decided, **plain(found)}))
    else:
        for line in terminal.of_taken(one, found, language, as_decided=as_decided):
            typer.echo(line)


def _case(one: Taken) -> dict[str, Any]:
    return {
        "signal": str(one.question.signal.id),
        "event": str(one.question.signal.event),
        "revision": one.question.earlier.revision + 1,
        "decided_at": one.past.decided_at,
        "decided_by": one.version,
    }


def read_facts(path: Path) -> tuple[Facts, dict[str, int]]:
    """The facts in a file, the rest as an example beside a rule has it; and what it says of the household's memory.

    Raises:
        Refused: when they are no facts of a signal.
    """
    try:
        told: Any = orjson.loads(path.read_bytes())
    except OSError as error:
        raise Refused(filled(refused.NO_FACTS, path, unread(error))) from None
    except orjson.JSONDecodeError as error:
        raise Refused(filled(refused.NO_JSON, path, error.lineno)) from None
    if isinstance(told, dict) and isinstance(told.get("facts"), dict):
        told = told["facts"]
    if not isinstance(told, dict):
        raise Refused(filled(refused.NO_MAPPING, path))
    try:
        return made_up(told, "NL")
    except Malformed as malformed:
        raise Refused(filled(refused.NO_SIGNAL, path, malformed)) from None
