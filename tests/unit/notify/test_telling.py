"""What a supplier reads of a check that failed: where it went wrong, and what to change there, on its own channel."""

from typing import get_args

import pytest

from schemas.words import Language
from services.notify.kit.judge import failed, not_shown
from services.notify.kit.reasons import UNKNOWN
from services.notify.kit.reasons_sending import NOT_REACHED
from services.notify.kit.report import Check
from services.notify.kit.telling import Told, told

LANGUAGES: tuple[Language, ...] = get_args(Language)
OF_THE_ENDPOINT = (
    "invalid-client", "invalid-scope", "refused", "unreadable", "unavailable", "throttled", "clocks-apart",
)  # fmt: skip


def arriving(reason: str, channel: str = "fhir", language: Language = "en") -> Told:
    """A referral that was not taken, by that reason."""
    return told(failed(Check.ARRIVES, reason, status=None), language, channel)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", [*NOT_REACHED, *OF_THE_ENDPOINT])
def test_whatever_goes_wrong_at_a_token_endpoint_is_said_to_be_there(reason: str, language: Language) -> None:
    """A token endpoint that is down, or has another certificate, had no words: a supplier looked at its FHIR server."""
    said = arriving(f"token-{reason}", language=language)
    assert ("tokenserver" if language == "nl" else "token endpoint") in said.came
    assert said.must
    assert UNKNOWN.came.in_(language).partition("{")[0] not in said.came


def test_each_answer_of_a_token_endpoint_has_its_own_remedy() -> None:
    """A page in a 200, a 500 and a wrong scope are three people's work."""
    assert len({arriving(f"token-{reason}").must for reason in OF_THE_ENDPOINT}) == len(OF_THE_ENDPOINT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("reason", "status", "names"),
    [
        ("refused", 405, "POST"),
        ("refused", 406, "Accept"),
        ("refused", 415, "Content-Type"),
        ("failed-there", 501, "FHIR"),
    ],
)
def test_a_status_that_says_more_than_its_code_has_its_own_remedy(
    reason: str, status: int, names: str, language: Language
) -> None:
    """An address that takes no POST, and a form that nobody reads, are no matter of a log."""
    said = told(failed(Check.ARRIVES, reason, status=status), language, "fhir")
    assert (str(status) in said.came, names in said.must) == (True, True)
    assert said.must != arriving(reason, language=language).must


@pytest.mark.parametrize("channel", ["webhook", "notified-pull"])
def test_who_is_signed_to_is_told_to_verify_the_bytes_that_came(channel: str) -> None:
    """To verify what was parsed and written again is the commonest fault, and no token was agreed on."""
    assert "bytes as they came" in arriving("not-authorised", channel).must
    assert "bytes zoals ze binnenkwamen" in arriving("not-authorised", channel, "nl").must
    assert "bytes" not in arriving("not-authorised").must


@pytest.mark.parametrize("reason", ["unreadable-answer", "conflict"])
def test_who_takes_messages_is_told_of_no_transaction(reason: str) -> None:
    """There is none, nor two equal ones that meet: a 409 has a meaning of its own there."""
    said = arriving(reason, "fhir-message")
    assert "message" in said.must
    assert not {"transaction", "searchset"} & set(said.must.replace("-", " ").split())
    assert said.must != arriving(reason).must


@pytest.mark.parametrize("channel", ["webhook", "notified-pull", "fhir-message"])
def test_who_has_no_fhir_server_is_told_of_none(channel: str) -> None:
    """An address that is wrong is no matter of `update as create`, and receipts are no search."""
    missing = arriving("no-such-address", channel)
    assert "FHIR" not in missing.came + missing.must
    silent = told(not_shown(Check.ONCE, "not-answered", status=404), "en", channel)
    assert "receipts" in silent.came
    assert '{"records": 1, "revision": 2, "status": "accepted"}' in silent.must
    assert "update as create" in arriving("no-such-address").must
