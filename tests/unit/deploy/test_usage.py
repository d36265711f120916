"""What was typed wrong is told in one line, in the reader's language."""

import pytest

from services.cli import main
from services.usage_words import told

_EXAMPLE = "`seinpaal {} --help` has an example"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal's language, unless a test says otherwise."""
    monkeypatch.setenv("LC_ALL", "C")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Its exit code, and what it wrote beside its output."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    code = ended.value.code
    assert isinstance(code, int)
    return code, capsys.readouterr().err.removesuffix("\n")


@pytest.mark.parametrize(
    ("command", "more", "sentence"),
    [
        ("held release", "3f2a9c1e", "--reason is missing."),
        ("deliveries show", "", "id is missing."),
        ("held list", "--prtner kadera", "there is no option --prtner. There is --partner, --person."),
        ("held", "relese", "there is no relese. Did you mean release?"),
        ("held", "xyzzy", "there is no xyzzy."),
        ("deliveries list", "--since yesterday", "--since should be a date, like 2026-01-31."),
        ("rules explain", "--on 31-12-2026", "--on should be a date, like 2026-01-31."),
        ("rules replay", "--on 2026-13-01", "--on should be a date, like 2026-01-31."),
        ("deliveries list", "--most some", "--most should be a whole number."),
        ("deliveries list", "--most 0", "--most should be at least 1."),
        ("deliveries list", "--most 100001", "--most should be at most 100000."),
        ("held list", "a b", "more stands there than it takes."),
    ],
)
def test_what_was_typed_wrong_is_one_line_with_where_to_look(
    command: str, more: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the exit code of a mistake, and no frame around it."""
    typed = [*command.split(), *more.split()]
    assert said(capsys, *typed) == (2, f"seinpaal {command}: {sentence} {_EXAMPLE.format(command)}")


def test_an_option_without_its_value_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Where Typer does not say of which command, its first word is."""
    found = said(capsys, "held", "list", "--partner")
    assert found == (2, f"seinpaal held: --partner needs a value. {_EXAMPLE.format('held')}")


def test_it_is_told_in_dutch_to_who_reads_dutch(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the terminal says so or the command."""
    where = "`seinpaal held list --help` geeft een voorbeeld"
    more = (2, f"seinpaal held list: er staat meer dan erbij kan. {where}")
    assert said(capsys, "held", "list", "x", "--lang", "nl") == more
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    assert said(capsys, "held", "list", "x") == more


def test_a_value_is_never_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    """What somebody typed may be a name."""
    assert "Jansen" not in said(capsys, "deliveries", "list", "--state", "Jansen")[1]
    assert "Jansen" not in said(capsys, "deliveries", "list", "Jansen")[1]


def test_a_sentence_that_we_do_not_know_stays_as_it_is() -> None:
    """A later Typer may say something new."""
    assert (
        told("Something new.", "seinpaal up").nl
        == "seinpaal up: Something new. `seinpaal up --help` geeft een voorbeeld"
    )


def test_a_command_without_anything_behind_it_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`seinpaal reconcile` where there is no database, say; and a group of commands alone shows its help."""
    monkeypatch.setenv("AUDIT_DATABASE_URL", "sqlite:///nowhere/audit.db")
    assert said(capsys, "reconcile") == (
        78,
        "seinpaal: no database at nowhere/audit.db: set AUDIT_DATABASE_URL to where it is",
    )
    assert said(capsys, "held") == (2, "")
