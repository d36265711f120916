"""`seinpaal run STAGE`: one service, its health and its metrics, until a signal."""

from typing import Annotated

import typer

from schemas.words import Words, filled
from services.processes import STAGES, production
from services.runtime import log
from services.runtime.errors import Refused
from services.runtime.run import run_forever
from services.runtime.tracing import traced

_NO_SERVICE = Words("no service '{}': choose one of {}", "geen dienst '{}': kies uit {}")

app = typer.Typer(add_completion=False)


@app.command()
def run(
    stage: Annotated[str, typer.Argument(help=" | ".join(STAGES))],
    *,
    health_host: Annotated[str, typer.Option(help="Where /livez, /readyz and /metrics listen.")] = "127.0.0.1",
    health_port: Annotated[int, typer.Option(help="Port of the same; 0 takes a free one.")] = 9090,
) -> None:
    """Start one service for production; settings come from the environment (KAFKA_…, INGEST_…, ROUTER_…, …).

    Exit codes: 0 after a signal, 78 a setting is wrong, 75 something we need is not there, 70 the service died.

    Example: KAFKA_BOOTSTRAP=broker:9092 seinpaal run router
    """
    if stage not in STAGES:
        raise Refused(filled(_NO_SERVICE, stage, ", ".join(STAGES)))
    log.configure()
    with traced(f"seinpaal-{stage}"):
        raise typer.Exit(run_forever(production(stage, host=health_host, port=health_port)))
