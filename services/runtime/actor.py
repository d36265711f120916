"""ACTOR: who a command is given by, as every command that leaves a fact on the audit log takes it."""

from typing import Annotated

import typer

Actor = Annotated[
    str,
    typer.Option(
        "--actor",
        help="Who you are: a pseudonym, never a name. Always said, never your login name: it stays on the audit log.",
    ),
]
"""Never taken from the machine: a login may be shared, so that two persons would be one, and may be somebody's name."""
