"""`seinpaal`: the one command."""

import typer

app = typer.Typer(no_args_is_help=True, help="Carries signals of domestic violence and child abuse to who can help.")


@app.callback()
def root() -> None:
    """Carries signals of domestic violence and child abuse to who can help."""


def main() -> None:
    """Entry point of the `seinpaal` script."""
    app()
