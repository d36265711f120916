"""Every reason that a stage can give has its word in Dutch: no reader of Dutch meets an English code alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import services
from schemas import why
from schemas.audit import Fact
from schemas.call import CallReason
from schemas.delivery import DeliveryState
from schemas.outcome import OutcomeStatus
from schemas.progress import Rejection
from services.audit import reason_words
from services.notify import classify, reach, retry, standing

ROOT: Final = Path(services.__file__).parent
STAGES: Final = ("ingest", "router", "notify", "audit")
GIVERS: Final = frozenset(
    {"Unreadable", "Unsendable", "Ignored", "NotSent", "Lost", "Park", "TryLater", "Refused", "Unknown", "Unusable"}
)
"""Whatever a reason is given to."""

ELSEWHERE: Final = ("kit", "reception")
"""Reports and answers to partners: they have words of their own, and are no facts."""

CODE: Final = re.compile(r"[a-z]+(-[a-z]+)+")


def given(*names: str) -> Iterator[str]:
    """Every code that stands in the code of a stage as what is given to one of these."""
    for stage in STAGES:
        for file in sorted((ROOT / stage).rglob("*.py")):
            if file.parent.name in ELSEWHERE or file.name.endswith("_commands.py"):
                continue
            for call in ast.walk(ast.parse(file.read_text())):
                if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in names:
                    yield from (code for argument in call.args for code in codes_in(argument))


def codes_in(node: ast.AST) -> Iterator[str]:
    """The codes among what stands there; a choice of two gives two."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and CODE.fullmatch(each.value):
            yield each.value


def reasons() -> set[str]:
    """Those, what stands in tables, and the names of how attempts end."""
    tables = {*classify.REFUSALS.values(), *classify.LATER.values()}
    for file in ("tls_fault.py", "wire.py"):
        tables |= {*codes_in(ast.parse((ROOT / "notify" / file).read_text()))}
    names = {standing.NOT_LIVE, standing.NEVER_CHECKED, standing.CHANGED, standing.CHECK_EXPIRED, standing.CHECK_ENDS}
    names |= {retry.PARTNER_DISABLED, retry.OFFERED, retry.NOT_FETCHED, reach.FAILING, f"{reach.FAILING}-50"}
    ends = {"accepted", "duplicate", "refused", "try-later", "unknown", "unexpected-KeyError", "token-no-connection"}
    return {*given(*GIVERS), *tables, *names, *ends, *CallReason, *Rejection}


@pytest.mark.parametrize("code", sorted(reasons() - why.REASONS.keys()))
def test_every_reason_has_its_word_in_dutch_and_its_code(code: str) -> None:
    """The word is for the reader, the code for a search and for the supplier."""
    told = reason_words.said(code, Fact.DELIVERY_ATTEMPTED, "nl")
    assert told.endswith(f" ({code})")
    assert reason_words.said(code, Fact.DELIVERY_ATTEMPTED, "en") == code


@pytest.mark.parametrize("code", sorted({*given("Declined"), *(f"is-{state}" for state in DeliveryState)}))
def test_every_command_that_is_refused_says_why_in_dutch(code: str) -> None:
    """With what to do, where a person can do something."""
    assert reason_words.said(code, Fact.COMMAND_REFUSED, "nl") != code


def test_one_code_may_be_a_partners_word_and_ours() -> None:
    """A partner that gives no help there is no command that was refused."""
    partners = reason_words.said("not-in-area", Fact.PROGRESS_CHANGED, "nl")
    ours = reason_words.said("not-in-area", Fact.COMMAND_REFUSED, "nl")
    assert "--despite" in ours
    assert "--despite" not in partners


@pytest.mark.parametrize("status", OutcomeStatus)
def test_what_a_corporation_is_told_has_its_word_in_dutch(status: OutcomeStatus) -> None:
    """`closed` is how its signal ended there, and not why somebody was refused."""
    word = reason_words.OUTCOMES[status]
    assert reason_words.said(status, Fact.OUTCOME_TOLD, "nl") == f"{word} ({status})"
    assert reason_words.said(status, Fact.OUTCOME_TOLD, "en") == status


def test_a_reason_of_a_later_version_is_shown_as_it_stands() -> None:
    """It must not be lost because we have no word for it."""
    assert reason_words.said("quite-new", Fact.DELIVERY_PARKED, "nl") == "quite-new"


@pytest.mark.parametrize("fact", [Fact.CALL_OPENED, Fact.CALL_OVERDUE])
def test_why_somebody_telephones_is_not_why_a_rule_holds(fact: Fact) -> None:
    """Both are called `emergency`: who must call in a quarter of an hour does not read of what is recorded."""
    assert reason_words.said("emergency", fact, "nl") == "bij een noodgeval is een bericht alleen nooit genoeg"
    assert reason_words.said("emergency", Fact.REFERRAL_HELD, "nl") == "een noodgeval wordt nooit alleen vastgelegd"
