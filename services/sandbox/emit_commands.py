"""`seinpaal sandbox emit`: a sample corporation's system writes the events of a file into its topic."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer

from schemas.reason_words import beside
from schemas.record import Output
from schemas.words import Language, filled
from schemas.words import told as in_words
from services.ingest import check_words
from services.ingest.check_table import fix, shown
from services.ingest.commands import Lang
from services.ingest.configuration import Configuration, read_configuration
from services.ingest.normalise import Accepted
from services.ingest.telling import Told, told
from services.ingest.trying import Tried, tried
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.file_words import unread
from services.runtime.kafka import Sink
from services.runtime.loopback import is_loopback
from services.runtime.settings import KafkaSettings, load
from services.sandbox import emit_words as words

CONFIG: Final = Path("deploy/config")
DIGITS: Final = 8
"""Of a signal's id: as many as `seinpaal trail` asks for."""

_WIDTH: Final[Mapping[Language, int]] = {
    language: max(len(each.in_(language)) for each in check_words.BECAME.values()) for language in ("en", "nl")
}


def emit(
    source: Annotated[str, typer.Argument(help="Name of the source in sources.yaml: `seinpaal sources list`.")],
    events: Annotated[Path, typer.Argument(help="One JSON event, an array, one a line, or captured records.")],
    *,
    config: Annotated[Path, typer.Option(help="Folder with sources.yaml and areas/.", envvar="INGEST_CONFIG")] = CONFIG,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    lang: Lang,
) -> None:
    """Write made-up events into a corporation's topic, as its own system would, and tell which signal each becomes.

    Only on a broker on this machine, such as that of `seinpaal up`.

    Example: seinpaal sandbox emit sallandhuis-zorgen locks.ndjson
    """
    settings = load(KafkaSettings)
    if not _here(settings.bootstrap):
        raise Refused(words.ELSEWHERE)
    try:
        raw = events.read_bytes()
    except OSError as error:
        raise Refused(filled(check_words.CANNOT_BE_READ, events, unread(error))) from None
    configuration = read_configuration(config / "sources.yaml")
    found = tried(configuration, source, raw, now(), lang)
    topic = _topic(configuration, source)
    asyncio.run(_written(settings, [_output(each, topic) for each in found]))
    for number, each in enumerate(found, start=1):
        fate = told(number, each.outcome)
        typer.echo(orjson.dumps(_data(fate, each)) if json else _line(fate, each, lang))


async def _written(settings: KafkaSettings, outputs: list[Output]) -> None:
    sink = Sink(settings, client_id="seinpaal-sandbox-emit")
    await sink.start()
    try:
        await sink.send(outputs)
    finally:
        await sink.stop()


def _topic(configuration: Configuration, name: str) -> str:
    return next(source.topic for _, source in configuration.sources() if source.name == name)


def _output(each: Tried, topic: str) -> Output:
    if each.record.value is None:
        raise Refused(words.NO_VALUE)
    headers = [(name, value or b"") for name, value in each.record.headers]
    return Output(topic, each.record.key, each.record.value, headers)


def _data(fate: Told, each: Tried) -> dict[str, Any]:
    """What ingest will make of it, without a word of its content."""
    said: dict[str, Any] = {"number": fate.number, "became": fate.became}
    if isinstance(each.outcome, Accepted):
        return said | {"signal": str(each.outcome.signal), "kind": fate.facts["kind"], "area": each.outcome.facts.area}
    return said | {"reason": fate.reason, "field": fate.field, "fix": fate.fix}


def _line(fate: Told, each: Tried, language: Language) -> str:
    """The same for people."""
    beginning = f"{fate.number:>3}  {in_words(check_words.BECAME, fate.became, language):<{_WIDTH[language]}}"
    if isinstance(each.outcome, Accepted):
        kind, signal = each.outcome.facts.kind, str(each.outcome.signal)[:DIGITS]
        where = each.outcome.facts.area or words.NO_AREA.in_(language)
        return f"{beginning}  {shown(kind, language)} in {where}: seinpaal trail {signal}"
    what = fix(fate, language)
    field = "" if what.startswith(f"{fate.field} ") else fate.field  # what does not fit is told with its place
    why = (beside(fate.reason, language), field, what)
    return f"{beginning}  {': '.join(part for part in why if part)}"


def _here(bootstrap: str) -> bool:
    """Whether every address is this machine's own."""
    hosts = [address.strip().rpartition(":")[0].strip("[]") for address in bootstrap.split(",")]
    return all(map(is_loopback, hosts))
