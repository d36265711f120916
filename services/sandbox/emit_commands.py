"""`seinpaal sandbox emit`: a sample corporation's system writes the events of a file into its topic."""

import asyncio
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer

from schemas.record import Output
from services.ingest.configuration import Configuration, read_configuration
from services.ingest.normalise import Accepted
from services.ingest.telling import told
from services.ingest.trying import Tried, tried
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.kafka import Sink
from services.runtime.loopback import is_loopback
from services.runtime.settings import KafkaSettings, load

CONFIG: Final = Path("deploy/config")
DIGITS: Final = 8
"""Of a signal's id: as many as `seinpaal trail` asks for."""


def emit(
    source: Annotated[str, typer.Argument(help="Name of the source in sources.yaml: `seinpaal sources list`.")],
    events: Annotated[Path, typer.Argument(help="One JSON event, an array, one a line, or captured records.")],
    *,
    config: Annotated[Path, typer.Option(help="Folder with sources.yaml and areas/.", envvar="INGEST_CONFIG")] = CONFIG,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Write made-up events into a corporation's topic, as its own system would, and tell which signal each becomes.

    Only on a broker on this machine, such as that of `seinpaal up`.

    Example: seinpaal sandbox emit sallandhuis-zorgen locks.ndjson
    """
    settings = load(KafkaSettings)
    if not _here(settings.bootstrap):
        raise Refused("KAFKA_BOOTSTRAP is no address of this machine: made-up events are written on a sandbox's broker")
    try:
        raw = events.read_bytes()
    except OSError as error:
        raise Refused(f"{events}: cannot be read ({type(error).__name__}). Check the name") from None
    configuration = read_configuration(config / "sources.yaml")
    found = tried(configuration, source, raw, now(), "en")
    topic = _topic(configuration, source)
    asyncio.run(_written(settings, [_output(each, topic) for each in found]))
    for number, each in enumerate(found, start=1):
        fate = _fate(number, each)
        typer.echo(orjson.dumps(fate) if json else _line(fate))


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
        raise Refused("an event of that file has no value: only what a system writes is written, no tombstones")
    headers = [(name, value or b"") for name, value in each.record.headers]
    return Output(topic, each.record.key, each.record.value, headers)


def _fate(number: int, each: Tried) -> dict[str, Any]:
    """What ingest will make of it, without a word of its content."""
    fate = told(number, each.outcome)
    said: dict[str, Any] = {"number": number, "became": fate.became}
    if isinstance(each.outcome, Accepted):
        return said | {"signal": str(each.outcome.signal), "kind": fate.facts["kind"], "area": each.outcome.facts.area}
    return said | {"reason": fate.reason, "field": fate.field, "fix": fate.fix}


def _line(fate: dict[str, Any]) -> str:
    beginning = f"{fate['number']:>3}  {fate['became']:<10}"
    if "signal" in fate:
        where = fate["area"] or "no area we know"
        return f"{beginning}  {fate['kind']} in {where}: seinpaal trail {fate['signal'][:DIGITS]}"
    return f"{beginning}  {': '.join(part for part in (fate['reason'], fate['field'], fate['fix']) if part)}"


def _here(bootstrap: str) -> bool:
    """Whether every address is this machine's own."""
    hosts = [address.strip().rpartition(":")[0].strip("[]") for address in bootstrap.split(",")]
    return all(map(is_loopback, hosts))
