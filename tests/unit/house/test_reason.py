"""What a person types as a reason is kept for good, so what tells who somebody is does not get there."""

from typing import Final

import pytest
import typer
from typer.core import TyperCommand

from services.cli import main
from services.runtime.errors import Refused
from tests.unit.house.asking import asking
from tests.unit.house.test_actor import ASK

TELLING: Final = [
    "gebeld met 06-12345678",
    "gebeld met 06 12 34 56 78",
    "called +31 (0)6 1234 5678",
    "gebeld met 06 - 1234 5678",
    "020 7946 0958 did not answer",
    "BSN 123456782 klopt niet",
    "123.456.782",
    "bsn123456782",
    "tel0612345678",
    "op 28-11-2026 gebeld met 0612345678",
    "gemaild aan j.voorbeeld@zorg.example",
    "woont nu Voorbeeldstraat 7, 1234AB",
    "verhuisd naar 1234 AB 7",
    "1234 AB, 7-2",
    "klaar\x1b[2J",
    "klaar\x9b2J",
    "klaar\u202eneppoh",
    "klaar\nen nog een regel",
]
FINE: Final = [
    "checked",
    "gebeld, zij gaan er vandaag heen",
    "afgesproken op 28-11-2026 om 21:40",
    "2026-11-28 14:30 called the duty officer",
    "op 28-11-2026 14:30 gebeld",
    "see INC0012345678",
    "twijfel over de gemeente; zie INC-0012345",
    "dubbel met 7efbaa82-1234-4567-8901-123456789012",
    "GM0193 in 2026 OK",
    "mevrouw wil dat er niet gebeld wordt: zie 'dossier één'",
    "a" * 200,
]


@pytest.mark.parametrize("given", TELLING)
def test_what_tells_who_somebody_is_is_refused_and_not_repeated(given: str) -> None:
    """The log cannot be cleaned afterwards: whoever types hears it before anything is sent."""
    for option in asking("--reason").values():
        with pytest.raises(Refused) as refused:
            option.process_value(typer.Context(TyperCommand("x")), given)
        assert "--reason" in str(refused.value)
        assert given not in refused.value.words.en + refused.value.words.nl


@pytest.mark.parametrize("given", FINE)
def test_what_people_write_is_taken(given: str) -> None:
    """A day, a number of a ticket, an id of ours: nobody is kept from deciding by a guard that sees too much."""
    for option in asking("--reason").values():
        assert option.process_value(typer.Context(TyperCommand("x")), given) == given


def test_every_command_that_takes_a_reason_looks_at_it() -> None:
    """All that leave one on the log; there is none beside them."""
    assert asking("--reason").keys() == ASK - {("inbox", "open")}


def test_a_reason_that_no_command_can_carry_is_refused_as_it_is_typed() -> None:
    """What is too long for the topic is told in words, and not as a fault of ours."""
    for option in asking("--reason").values():
        with pytest.raises(Refused, match="200 characters"):
            option.process_value(typer.Context(TyperCommand("x")), "a" * 201)


def test_a_person_reads_it_in_their_language(capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, and the exit code of what a person must change."""
    with pytest.raises(SystemExit) as ended:
        main(["held", "dismiss", "7efbaa82", "--actor", "lead-1", "--lang", "nl", "--reason", "bel 0612345678"])
    assert ended.value.code == 78
    said = capsys.readouterr().err
    assert "telefoonnummer" in said
    assert "0612345678" not in said
