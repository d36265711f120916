"""`seinpaal partner check`: put a partner to the test at its test address, and keep the report."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from schemas.partner import Partner
from schemas.words import Language, Words
from services.notify.commands import Lang
from services.notify.directory import read_directory
from services.notify.fingerprint import fingerprint
from services.notify.kit import report_store
from services.notify.kit.connection import Terms
from services.notify.kit.exam import examine
from services.notify.kit.report import Check, Finding, Report, Verdict
from services.notify.kit.telling import conclusion, told
from services.notify.kit.words import NAMES, NOT_KEPT, OTHER_ENTRY, SAY_WHO, UNTIL
from services.notify.settings import MIGRATIONS, NotifySettings
from services.runtime.actor import MaybeActor
from services.runtime.clock import now
from services.runtime.database import look_into
from services.runtime.errors import Refused
from services.runtime.settings import KafkaSettings, load

MARKS: Final = {Verdict.PASSED: "✓", Verdict.FAILED: "✗", Verdict.NOT_SHOWN: "?", Verdict.NOT_ASKED: "-"}
STYLES: Final = {Verdict.PASSED: "green", Verdict.FAILED: "red", Verdict.NOT_SHOWN: "yellow", Verdict.NOT_ASKED: "dim"}


def check(
    partner: Annotated[str, typer.Argument(help="The partner's id in partners.yaml.")],
    *,
    config: Annotated[Path | None, typer.Option(help="Folder with partners.yaml and sources.yaml.")] = None,
    patience: Annotated[float, typer.Option(help="Seconds for somebody there to accept the test referral.")] = 30.0,
    listen: Annotated[
        str,
        typer.Option(metavar="HOST:PORT", help="Where its test system reaches us: it fetches, notifies or reports."),
    ] = "",
    public_url: Annotated[
        str | None, typer.Option(metavar="URL", help="How it writes that address, when it is another.")
    ] = None,
    actor: MaybeActor = None,
    keep: Annotated[bool, typer.Option(help="Keep the report in the ledger, with its fact.")] = True,
    json: Annotated[bool, typer.Option("--json", help="The report as one JSON object.")] = False,
    language: Lang,
) -> None:
    """Put a partner to the test at its test address, with marked test data. Exit code 0 when it is ready, else 1.

    A partner that fetches from us, notifies us by a Subscription, or reports by our Task, must reach us meanwhile:
    --listen says where, with TLS from NOTIFY_LISTEN_CERTIFICATE and NOTIFY_LISTEN_KEY.

    A report that is kept counts for the very entry that was tried: notify runs with that one, or it does not count.

    Example: seinpaal partner check veilig-thuis-voorbeeld --language nl --actor operator-1
    """
    settings = load(NotifySettings, listen=listen, public_url=public_url)
    found = read_directory(config or settings.config).known(partner, language)
    if keep and actor is None:
        raise Refused(SAY_WHO.in_(language))
    counts = _counts(found, settings, config) if keep else NOT_KEPT
    report = asyncio.run(_checked(found, settings, patience, language, actor=actor if keep else None, quiet=json))
    if json:
        typer.echo(orjson.dumps(_as_json(report, language, counts)).decode())
    else:
        _print(report, language, counts)
    raise typer.Exit(0 if report.passed else 1)


def _counts(partner: Partner, settings: NotifySettings, config: Path | None) -> Words:
    """What a report of this entry is worth where notify runs with `NOTIFY_CONFIG`."""
    running = partner if config is None else read_directory(settings.config).partners.get(partner.id)
    same = running is not None and fingerprint(running) == fingerprint(partner)
    return UNTIL if same else OTHER_ENTRY


async def _checked(
    partner: Partner, settings: NotifySettings, patience: float, language: Language, *, actor: str | None, quiet: bool
) -> Report:
    """The database first: a report that could not be kept would be a trial for nothing. Without `actor` none is."""
    listens, reached_at = settings.listens, settings.reached_at
    terms = Terms(
        now,
        patience=patience,
        mounted=settings.secrets,
        listen=listens,
        public_url=reached_at,
        source=load(KafkaSettings).source,
    )
    database = None
    if actor is not None:
        database = await look_into(settings.database_url, MIGRATIONS, "NOTIFY_DATABASE_URL")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as bar:
            task = bar.add_task(partner.id, total=len(Check))

            def found(finding: Finding) -> None:
                """The bar goes on, and says what was looked at."""
                bar.update(task, advance=1, description=NAMES[finding.check].in_(language))

            report = await examine(partner, terms, found)
        if database is not None and actor is not None:
            async with database.begin() as connection:
                await report_store.keep(connection, report, actor)
        return report
    finally:
        if database is not None:
            await database.stop()


def _as_json(report: Report, language: Language, counts: Words) -> dict[str, object]:
    """`valid_until`: until when it lets real referrals go there."""
    words = [
        {"check": finding.check, "verdict": finding.verdict, "did": said.did, "came": said.came, "must": said.must}
        for finding in report.findings
        for said in [told(finding, language, report.channel)]
    ]
    return {
        "passed": report.passed,
        "digest": report.digest,
        "valid_until": report.until.isoformat() if counts is UNTIL and report.until else None,
        "conclusion": conclusion(report, language, counts),
        "report": orjson.loads(report.write()),
        "words": words,
    }


def _print(report: Report, language: Language, counts: Words) -> None:
    """What is well in one line, what stands in the way with what to do."""
    console = Console(highlight=False, soft_wrap=True)
    for finding in report.findings:
        said = told(finding, language, report.channel)
        line = f"{MARKS[finding.verdict]} {said.name}: {said.verdict}"
        console.print(line, style=STYLES[finding.verdict], markup=False)
        rows = (said.did, said.came, said.must and f"→ {said.must}") if finding.stands_in_the_way else (said.came,)
        for row in filter(None, rows):
            console.print(f"    {row}", markup=False)
    concluded = conclusion(report, language, counts)
    console.print(f"\n{concluded}", style="green" if report.passed else "red", markup=False)
    console.print(f"SHA-256 {report.digest}", style="dim", markup=False)
