"""What operators read of the ledger and of partners, in both languages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Final, get_args, get_type_hints

import pytest
from rich.console import Console, RenderableType
from typer.testing import CliRunner

from schemas import code_words, ids
from schemas.delivery import Delivery, DeliveryState
from schemas.progress import Milestone, Progress, Rejection
from schemas.words import Language, Words, filled
from services.notify import (
    commands,
    delivery_table,
    delivery_words,
    desk_words,
    inbox_words,
    partner_table,
    partner_words,
    reach_store,
)
from services.notify.breaker import CLOSED, Breaker, Open, Probing
from services.notify.client_certificate import Term
from services.notify.desk_table import sheet
from services.notify.directory import Directory
from services.notify.kit import words as kit_words
from services.notify.ledger_view import Tried, marked, span
from services.notify.outcome import Outcome
from services.notify.partner_standing import Shown
from services.notify.partner_status import Recent, Status
from services.notify.progress_view import Heard, Progressed, Stage
from services.runtime.errors import Refused
from tests.languages import catalogue, english_in, unlike
from tests.unit.notify.test_partner_table import NOTHING, status

AT: Final = datetime(2026, 3, 2, 12, 4, 5, tzinfo=UTC)
TEXTS: Final = catalogue(delivery_words, partner_words, inbox_words, desk_words, kit_words, code_words)
WAIT: Final = timedelta(seconds=30)
BREAKERS: Final[tuple[Breaker, ...]] = (CLOSED, Open(AT, WAIT), Probing(AT, WAIT, ids.NAMESPACE))
LANGUAGES: Final[tuple[Language, ...]] = ("en", "nl")


def printed(what: RenderableType, width: int = 80) -> str:
    """On a terminal of that width."""
    written = StringIO()
    Console(file=written, width=width).print(what)
    return written.getvalue()


def delivery(state: DeliveryState, **given: object) -> Delivery:
    """A referral in that state, of a partner with a long name."""
    told = {
        "referral": ids.derived(ids.NAMESPACE, "referral", state),
        "signal": ids.derived(ids.NAMESPACE, "signal", state),
        "corporation": "ijsselhof",
        "partner": "veilig-thuis-ijsselland-voorbeel",
        "revision": 2,
        "state": state,
        "reason": "not-accepted",
        "attempts": 3,
        "due_at": AT,
        "deadline": AT,
        "changed_at": AT,
    }
    return Delivery.model_validate(told | given)


def progressed() -> Iterator[Progressed]:
    """Each way to be under way, each milestone in each of its states."""
    states = get_args(get_type_hints(Stage)["state"])
    for each in Progress:
        stages = tuple(Stage(milestone, state, AT) for milestone in Milestone for state in states)
        yield Progressed(each, None, AT, AT, stages)
    for rejection in Rejection:
        yield Progressed(Progress.REJECTED, rejection, AT, AT, ())


def tried() -> list[Tried]:
    """Each way an attempt may end, as the ledger names it."""
    names = ("accepted", "duplicate", "offered", "refused", "try-later", "unknown")
    assert len(names) == len(get_args(Outcome))
    return [Tried(3, AT, name, "timed-out", 503, 20.04, "0f" * 32) for name in names]


def everything(language: Language) -> str:
    """What the ledger's commands and `partner status` can print."""
    ledger = [delivery(state) for state in DeliveryState] + [delivery(DeliveryState.HELD, partner=None, reason=None)]
    said = [printed(delivery_table.listed(ledger, language))]
    said += [printed(sheet(delivery_table.rows(ledger[0], each, language))) for each in progressed()]
    said += [printed(delivery_table.attempts(tried(), language))]
    said += [printed(partner_table.numbers([status()], AT, language))]
    return "\n".join((*said, *(line for each in statuses() for line in partner_table.sentences(each, AT, language))))


@pytest.mark.parametrize(("language", "said"), [("en", "not tried yet"), ("nl", "nog niet geprobeerd")])
def test_what_was_never_tried_has_no_table_of_attempts(
    language: Language, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A head without rows says nothing."""

    async def held(_id: str, _language: Language) -> tuple[SimpleNamespace, list[Tried], None]:
        return SimpleNamespace(delivery=delivery(DeliveryState.HELD)), [], None

    monkeypatch.setattr(commands, "_one", held)
    result = CliRunner().invoke(commands.app, ["show", "3f2a9c1e", "--lang", language])
    assert result.output.rstrip().endswith(said)


def statuses() -> list[Status]:
    """Partners with whom each thing is wrong in turn."""
    check = Words(*("seinpaal partner check testpartner",) * 2)
    mend = filled(partner_words.CHECK_AGAIN, filled(partner_words.ADD_TRIAL, check))
    confirm = filled(partner_words.OR_CONFIRM, check, "lead-1", "2026-03-02", "seinpaal partner admit")
    well = status(breaker="closed", next_at=None, failing_since=None)
    return [
        *(status(breaker=reach_store.name_of(each)) for each in BREAKERS),
        status(next_at=None),
        replace(well, disabled="gone", redriving=True, underway=dict.fromkeys(Progress, 2)),
        replace(well, heard=Heard("polling", failures=3, fault="timed-out", unsubscribed="not-authorised")),
        replace(well, heard=Heard("polling", fault="unreadable-task"), certificate_fault="cannot be read"),
        *(replace(well, certificate_until=AT + timedelta(days=days)) for days in (-1, 1, 900)),
        replace(well, standing=Shown(live=True), backlog=NOTHING, recent=Recent(refused=3)),
        replace(well, standing=Shown(live=True), backlog=NOTHING),
        replace(well, standing=Shown(live=False, until=AT, reason="check-expired", mend=confirm)),
        replace(well, standing=Shown(live=False, reason="not-live", mend=partner_words.SAY_LIVE)),
        replace(well, standing=Shown(live=False, reason="changed-since-check", mend=mend)),
    ]


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """With a place for the same values in each."""
    assert unlike(TEXTS[name])


def test_every_state_milestone_and_breaker_has_its_words() -> None:
    """Exhaustive over the types: one that is added without words fails here, and not in front of an operator."""
    assert set(desk_words.STATES) == set(DeliveryState)
    assert set(delivery_words.MILESTONES) == set(Milestone)
    assert set(delivery_words.STAGES) == set(get_args(get_type_hints(Stage)["state"]))
    assert set(code_words.PROGRESS) == set(Progress)
    assert set(partner_words.BREAKERS) == {reach_store.name_of(each) for each in BREAKERS}
    assert {type(each) for each in BREAKERS} == set(get_args(Breaker))
    assert set(partner_words.TERMS) == set(get_args(Term))


def test_a_reader_of_dutch_meets_no_english_word() -> None:
    """In whatever state a referral or a partner is; codes stand in brackets behind their words."""
    assert english_in(everything("nl"), TEXTS) == set()
    assert {"next", "waits", "awaited", "well"} <= english_in(everything("en"), TEXTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ledger_and_the_numbers_of_partners_fit_eighty_columns(language: Language) -> None:
    """Ids, times and numbers are whole, and a partner's name is on one line."""
    ledger = [delivery(state) for state in DeliveryState]
    listed = printed(delivery_table.listed(ledger, language))
    for each in ledger:
        assert str(each.referral)[:8] in listed
    assert listed.count("veilig-thuis-ijsselland-voorbeel ") == len(ledger)
    assert listed.count("2026-03-02 12:04:05Z") == len(ledger)
    name = "partner-" + "x" * 55
    long = printed(delivery_table.listed([delivery(DeliveryState.PARKED, partner=name)], language))
    assert (long.count(name), long.count("2026-03-02 12:04:05Z")) == (1, 1)
    attempts = printed(delivery_table.attempts(tried(), language))
    assert attempts.count("2026-03-02 12:04:05") == len(tried())
    assert attempts.count("0f0f0f0f0f0f") == attempts.count("20.04") == len(tried())
    numbers = printed(partner_table.numbers([status("wijkteam-zwolle-voorbeeld")], AT, language))
    assert len(numbers.splitlines()) == 2


def test_what_one_chooses_by_is_in_the_list_in_both_languages() -> None:
    """`--state` and `--because` take codes."""
    for language in LANGUAGES:
        listed = printed(delivery_table.listed([delivery(DeliveryState.PARKED)], language))
        assert "parked" in listed
        assert "not-accepted" in listed


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ("is no id", "is no place in the list", "no partner")),
        ("nl", ("is geen id", "is geen plek", "geen partner")),
    ],
)
def test_what_is_no_id_place_or_partner_is_refused_in_the_language_of_who_typed_it(
    language: Language, parts: tuple[str, str, str]
) -> None:
    """With what to type instead."""
    for part, refused in zip(parts, (span, marked, Directory((), ()).known), strict=True):
        with pytest.raises(Refused, match=part) as error:
            refused("zz", language)
        assert language == "en" or not english_in(str(error.value), TEXTS)


@pytest.mark.parametrize("command", ["list", "show"])
def test_the_locale_chooses_as_the_option_does(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """`--lang` before it, as with every command that tells people something."""
    line = delivery(DeliveryState.PARKED)

    async def found(*_: object) -> list[Delivery]:
        """As the ledger has it."""
        return [line]

    async def one(*_: object) -> tuple[object, list[Tried], None]:
        """The same."""
        return SimpleNamespace(delivery=line), tried(), None

    monkeypatch.setattr(commands, "found", found)
    monkeypatch.setattr(commands, "_one", one)
    typed = [command] if command == "list" else [command, "7efbaa82"]
    dutch = CliRunner(env={"LC_ALL": "nl_NL.UTF-8"}).invoke(commands.app, typed)
    assert "niet te bezorgen (parked)" in dutch.stdout
    assert CliRunner(env={"LC_ALL": "C"}).invoke(commands.app, [*typed, "--lang", "nl"]).stdout == dutch.stdout
    english = CliRunner(env={"LC_ALL": "C"}).invoke(commands.app, typed).stdout
    assert "parked" in english
    assert "bezorgen" not in english
