"""What a safeguarding lead reads of what was turned down: whom the rule proposes, and what to type for that."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from schemas.codes import LegalBasis, PartnerKind
from schemas.command import Action, Command, Objection
from schemas.delivery import DeliveryState
from schemas.progress import Rejection
from schemas.words import Language
from services.notify import desk_view
from services.notify import desk_words as words
from services.notify.directory import Directory, read_directory
from services.notify.dossier import Dossier, dossier
from services.notify.escalation import Waiting
from services.notify.line import Line
from services.notify.proposal import Proposal
from services.notify.releasing import Declined, addressed
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

SHIPPED = read_directory(Path(__file__).parents[3] / "deploy/config")
VEILIG_THUIS, SHELTER, TEAM = "veilig-thuis-voorbeeld", "kadera-voorbeeld", "wijkteam-zwolle-voorbeeld"
LANGUAGES: tuple[Language, ...] = ("en", "nl")


def line(**given: Any) -> Line:
    """What Veilig Thuis turned down."""
    told = {"state": DeliveryState.HELD, "partner": None, "recipient": VEILIG_THUIS, "reason": Rejection.NOT_IN_AREA}
    return samples.line(**(told | given))


def shown(of: Line, directory: Directory = SHIPPED, tried: tuple[str, ...] = ()) -> Dossier:
    """The desk's view of it."""
    about = samples.referral(partner=VEILIG_THUIS)
    given = {"case": [of], "decided": [], "waiting": Waiting(), "directory": directory, "now": AT, "tried": tried}
    return dossier(of, about, **given)  # type: ignore[arg-type]


def released(of: Line, partner: str | None, *despite: Objection) -> Line | Declined:
    """What a release to that partner comes to."""
    given: dict[str, Any] = {"id": UUID(int=7), "at": AT, "action": Action.RELEASE, "target": of.referral}
    given |= {"partner": partner, "despite": despite, "legal_basis": LegalBasis.COVENANT}
    command = Command(actor="af-1", reason="r", **given)
    return addressed(command, of, samples.referral(), SHIPPED, AT.date(), known=SHIPPED.partners)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_tells_whom_the_rule_proposes_why_and_what_to_type(language: Language) -> None:
    """In the rule's order, apart from whom one can choose besides; the example overrides what speaks against it."""
    rows = list(desk_view.rows(shown(line()), AT, language))
    labels = [label for label, _ in rows]
    place = labels.index(words.PROPOSED.in_(language))
    (_, first), (label, second), (choices, rest) = rows[place : place + 3]
    assert (first.split(":")[0], label, second.split(":")[0]) == (SHELTER, "", TEAM)
    assert words.PROPOSES[Proposal.OTHER_HELP].in_(language) in first
    assert (choices, rest.split(":")[0]) == (words.CHOICES.in_(language), VEILIG_THUIS)
    assert words.HAD.in_(language) in rest
    [release] = [text for _, text in rows if text.startswith("seinpaal held release")]
    assert f"--partner {SHELTER} --despite other-help --basis … --reason" in release


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_the_rule_names_nobody_it_says_that_a_person_chooses(language: Language) -> None:
    """And whom, with who had it already; of what was not turned down the rule says nothing."""
    rows = list(desk_view.rows(shown(line(), tried=(SHELTER, TEAM)), AT, language))
    assert (words.PROPOSED.in_(language), words.NOBODY_PROPOSED.in_(language)) in rows
    assert sum(words.HAD.in_(language) in text for _, text in rows) == 3
    assert "--partner … --reason" in "\n".join(text for _, text in rows)
    other = [label for label, _ in desk_view.rows(shown(line(reason="no-rule-fired")), AT, language)]
    assert words.PROPOSED.in_(language) not in other


def test_who_had_it_stands_after_whoever_did_not_and_is_not_proposed() -> None:
    """Also where nothing else speaks against it."""
    others = Directory([samples.partner("a-had"), samples.partner("b-erna")], [])
    found = shown(line(recipient="a-had", reason=Rejection.OTHER_HELP), others).choices
    assert [(one.partner, one.had, one.proposed) for one in found] == [("b-erna", False, None), ("a-had", True, None)]


def test_who_is_proposed_as_the_line_s_own_can_be_passed_over_and_who_the_rules_chose_cannot() -> None:
    """The area and the help are warned of then, as of any choice."""
    proposed = line(partner=TEAM, chosen=True)
    assert {one.partner for one in shown(proposed).choices} == {VEILIG_THUIS, SHELTER, TEAM}
    assert released(proposed, SHELTER) == Declined(Objection.OTHER_HELP)
    sent = released(proposed, SHELTER, Objection.OTHER_HELP)
    assert isinstance(sent, Line)
    assert (sent.partner, sent.kind) == (SHELTER, PartnerKind.WOMENS_SHELTER)
    ruled = line(partner=TEAM, reason="rule")
    assert shown(ruled).choices == ()
    assert released(ruled, SHELTER, Objection.OTHER_HELP) == Declined("has-a-partner")
