"""Who is told what: the privacy rules that both channels share."""

from typing import Any

import pytest

from schemas.codes import Answer, PartnerKind, PersonRole
from schemas.signal import Person, Reporter, SafeContact
from services.notify.disclosure import SCOPES, Disclosed, disclosed
from tests.unit.notify import samples

VICTIM = Person(role=PersonRole.POSSIBLE_VICTIM, name="Testpersoon Een", phone="+31600000001")
CHILD = Person(role=PersonRole.CHILD, name="Testpersoon Twee", phone="+31600000002")
ALLEGED = Person(role=PersonRole.ALLEGED_PERPETRATOR, name="Testpersoon Drie", phone="+31600000003")


def told(kind: PartnerKind | None = PartnerKind.VEILIG_THUIS, *, secret: bool = False, **given: Any) -> Disclosed:
    """What a partner of that kind is told."""
    about = samples.referral(kind=kind, about=samples.facts(secret_address=secret))
    return disclosed(samples.letter(about, samples.particulars(**given)))


def test_every_kind_of_partner_has_a_scope() -> None:
    """A kind that is added must be thought about."""
    assert set(SCOPES) == set(PartnerKind)


def test_a_secret_address_goes_to_nobody() -> None:
    """A refuge must not be found through us."""
    assert told().address == samples.ADDRESS
    assert all(told(kind, secret=True).address is None for kind in PartnerKind)


@pytest.mark.parametrize("allowed", [None, Answer.NO, Answer.UNKNOWN])
def test_without_a_clear_yes_nobody_may_be_contacted(allowed: Answer | None) -> None:
    """Unknown is no; and no number of anybody goes along, as it may be the perpetrator's."""
    contact = None if allowed is None else SafeContact(allowed=allowed, value="+31600000009")
    result = told(people=(VICTIM, CHILD, ALLEGED), safe_contact=contact)
    assert result.safe_contact is None
    assert all(person.phone is None for person in (result.subject, *result.others) if person)


@pytest.mark.parametrize("allowed", [Answer.NO, Answer.UNKNOWN])
@pytest.mark.parametrize("kind", [*PartnerKind, None])
def test_the_language_is_told_where_nobody_may_be_contacted(kind: PartnerKind | None, allowed: Answer) -> None:
    """And nothing else of how they would have been; with a safe contact it stands there, and only there."""
    contact = samples.SAFE.model_copy(update={"allowed": allowed})
    result = told(kind, safe_contact=contact)
    assert (result.safe_contact, result.language) == (None, "Pools")
    allowed_to = told(kind, safe_contact=samples.SAFE)
    assert allowed_to.language is None
    assert allowed_to.safe_contact is not None
    assert allowed_to.safe_contact.language == "Pools"


def test_only_the_subjects_number_goes_along_with_a_safe_contact() -> None:
    """Whoever else answers may not be safe."""
    result = told(people=(VICTIM, CHILD, ALLEGED), safe_contact=samples.SAFE)
    assert result.subject == VICTIM
    assert [person.phone for person in result.others] == [None, None]


def test_a_neighbourhood_team_is_not_told_who_is_suspected_or_who_told() -> None:
    """The name of an alleged perpetrator borders on criminal data; the reporter's role is enough."""
    result = told(PartnerKind.NEIGHBOURHOOD_TEAM)
    assert all(person.role is not PersonRole.ALLEGED_PERPETRATOR for person in result.others)
    assert result.reporter == Reporter(role="wijkbeheerder")


def test_a_partner_of_no_known_kind_is_told_the_least() -> None:
    """A person may release a referral to a partner before anybody says what help it is for."""
    assert told(None) == told(PartnerKind.NEIGHBOURHOOD_TEAM)


def test_veilig_thuis_hears_who_told() -> None:
    """It must know; the family must not."""
    assert told().reporter == samples.REPORTER


def test_it_is_about_the_victim_else_a_child_else_nobody_by_name() -> None:
    """A request is about one person; the others are named beside."""
    assert told(people=(CHILD, VICTIM)).subject == VICTIM.model_copy(update={"phone": None})
    assert told(people=(ALLEGED, CHILD)).subject == CHILD.model_copy(update={"phone": None})
    assert told(people=(ALLEGED,)).subject is None
    assert told(people=()).subject is None


def test_what_is_disclosed_prints_nothing() -> None:
    """A log line or an assertion must not show it."""
    assert "Testpersoon" not in repr(told())
    assert "Testpersoon" not in repr(samples.letter())
