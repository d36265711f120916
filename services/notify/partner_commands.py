"""`seinpaal partner`: what is known of each partner, and what operators may do about one."""

import typer

from services.notify.partner_check_commands import check

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Partners: whether each is ready.")


@app.callback()
def partner() -> None:
    """Keep `check` a command of its own, however few there are."""


app.command()(check)
