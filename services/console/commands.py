"""`seinpaal reconcile`: whether everything that came in is somewhere, once, and accounted for."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console

from schemas.words import Language
from services.audit.reconcile import Reconciliation
from services.audit.settings import AuditSettings
from services.console import account
from services.console import reconcile_words as words
from services.console.known import judged, read_known
from services.console.reconcile import Gathering
from services.console.reconcile import reconcile as gather
from services.ingest.settings import IngestSettings
from services.notify.commands import Lang
from services.notify.settings import NotifySettings
from services.router.settings import RouterSettings
from services.runtime.settings import KafkaSettings
from services.runtime.settings_check import load

app = typer.Typer()
"""`seinpaal reconcile`."""

LISTED: Final = 20


@app.command()
def reconcile(
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object with everything.")] = False,
    patience: Annotated[float, typer.Option(help="Seconds that readers get to catch up before the second look.")] = 15,
    config: Annotated[Path | None, typer.Option(help="Folder with sources.yaml, unless INGEST_CONFIG says.")] = None,
    known: Annotated[
        Path | None, typer.Option(help="What was found before and answered for: a file that --json wrote.")
    ] = None,
    lang: Lang,
) -> None:
    """Compare Kafka, the audit log and the ledger: exit code 0 when nothing is lost, doubled or left unread, else 1.

    Example: seinpaal reconcile --json | jq .found
    """
    before = read_known(known) if known else ()
    ingest, notify, audit = load(IngestSettings), load(NotifySettings), load(AuditSettings)
    gathering = Gathering(
        kafka=load(KafkaSettings),
        audit_url=audit.database_url,
        notify_url=notify.database_url,
        config=config or ingest.config,
        patience=patience,
        ingest_group=ingest.group,
        router_group=load(RouterSettings, parking_key="not needed to look").group,
        notify_group=notify.group,
        audit_group=audit.group,
    )
    result, same = judged(asyncio.run(gather(gathering)), before)
    if json:
        typer.echo(orjson.dumps(account.as_data(result, same), default=str).decode())
    else:
        tell(result, lang)
        if same:
            typer.echo(words.KNOWN.in_(lang).format(len(same), known))
    raise typer.Exit(0 if result.whole else 1)


def tell(result: Reconciliation, lang: Language) -> None:
    """What was counted, what is on its way, and everything that is wrong."""
    console = Console(highlight=False)
    books, readings = result.picture.books, result.picture.readings
    for table in (account.signals(books, lang), account.referrals(books, lang), account.records(readings, lang)):
        console.print(table)
        console.print()
    if any(book.at_notify < 0 for book in books.values()):
        console.print(words.AHEAD.in_(lang))
    in_flight = len(result.in_flight) + result.in_flight_not_listed
    if in_flight:
        behind = words.BEHIND.in_(lang).format(", ".join(sorted(result.behind))) if result.behind else ""
        console.print(words.IN_FLIGHT.in_(lang).format(in_flight) + behind)
    for finding in result.found[:LISTED]:
        console.print(f"[bold red]✗[/] {account.sentence(finding, lang)}", soft_wrap=True)
    hidden = len(result.found[LISTED:]) + result.not_listed
    if hidden:
        console.print(f"[bold red]✗[/] {words.MORE.in_(lang).format(hidden)}")
    if result.whole:
        console.print(f"[bold green]✓[/] {words.WHOLE.in_(lang)}")
