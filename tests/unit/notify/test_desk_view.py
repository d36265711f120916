"""What a safeguarding lead reads: everything she decides by, in her language, and nothing that names anybody."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from schemas import code_words
from schemas.call import CallReason
from schemas.codes import Answer, Certainty, Consent, Kind, LegalBasis, Origin, PartnerKind, Urgency, Violence
from schemas.command import Action, Objection
from schemas.decision import Effect, Explanation, RuleTrace, Seen
from schemas.declined_words import DECLINED
from schemas.delivery import DeliveryState
from schemas.help_words import BASES, HELP, OBJECTIONS
from schemas.local_day import clock_in
from schemas.partner import Serves
from schemas.referral import Handling, Referral
from schemas.words import Language, Words
from services.notify import desk_view
from services.notify import desk_words as words
from services.notify.decisions import Decision
from services.notify.desk_client import order
from services.notify.directory import Directory
from services.notify.dossier import Dossier, Past, dossier
from services.notify.escalation import Waiting
from services.notify.held_commands import not_released
from services.notify.line import Line
from services.notify.proposal import Proposal
from services.notify.releasing import NO_BASIS, UNKNOWN_PARTNER
from services.notify.rerouting import ELSEWHERE
from tests.unit.notify import samples
from tests.unit.notify.samples import AT, PARTNER

HELD = DeliveryState.HELD
LANGUAGES: tuple[Language, ...] = ("en", "nl")
SHELTER = samples.partner("opvang", serves=(Serves(kind=PartnerKind.WOMENS_SHELTER, areas=("GM0193",)),))
AWAY = samples.partner("elders", serves=(Serves(kind=PartnerKind.VEILIG_THUIS, areas=("GM0141",)),))
ABROAD = samples.partner("abroad", country="GB", serves=(Serves(kind=PartnerKind.IDVA, areas=("E09000012",)),))
DIRECTORY = Directory([samples.partner(telephone="0000 000001"), SHELTER, AWAY, ABROAD], [samples.corporation()])
TABLES: dict[str, tuple[Mapping[str, Words], Any]] = {
    "urgency": (code_words.URGENCIES, Urgency),
    "origin": (code_words.ORIGINS, Origin),
    "certainty": (code_words.CERTAINTIES, Certainty),
    "violence": (code_words.VIOLENCE, Violence),
    "consent": (code_words.CONSENTS, Consent),
    "help": (HELP, PartnerKind),
    "basis": (BASES, LegalBasis),
    "when": (words.HOLDS_WHEN, LegalBasis),
    "state": (words.STATES, DeliveryState),
    "call": (words.CALLS, CallReason),
    "objection": (OBJECTIONS, Objection),
    "proposal": (words.PROPOSES, Proposal),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_code_has_words_in_both_languages(name: str) -> None:
    """And no table has words for what is not there."""
    table, codes = TABLES[name]
    assert set(table) == set(codes)
    assert all(each.en.strip() and each.nl.strip() for each in table.values())


def of(line: Line, about: Referral | None = None, **given: Any) -> Dossier:
    """The desk's view of a line."""
    told: dict[str, Any] = {"case": [line], "decided": [], "waiting": Waiting(), "directory": DIRECTORY, "now": AT}
    return dossier(line, about or samples.referral(), **(told | given))


def text(view: Dossier, language: Language = "en") -> str:
    """All rows, in that language."""
    return "\n".join(f"{label}: {words}" for label, words in desk_view.rows(view, AT, language))


def nobody() -> Dossier:
    """For a referral without a partner, a kind of help or a legal basis."""
    about = samples.referral(partner=None, kind=None).model_copy(update={"legal_basis": None})
    return of(samples.line(state=HELD, partner=None, kind=None, recipient="", reason="no-rule-fired"), about)


def test_it_tells_whom_one_can_choose_and_on_which_basis() -> None:
    """Partners under the same law that give help in the area; each with the bases that open its help."""
    choices = {one.partner: one for one in nobody().choices}
    assert set(choices) == {PARTNER, "opvang"}
    assert LegalBasis.WMO_5_2_6 in choices[PARTNER].bases
    assert LegalBasis.WMO_5_2_6 not in choices["opvang"].bases
    assert "none yet: state one" in text(nobody())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_basis_that_can_be_stated_is_told_in_words_beside_its_code(language: Language) -> None:
    """Once, under whom one can choose; and the command that takes both is shown whole."""
    shown = text(nobody(), language).splitlines()
    possible = {basis for one in nobody().choices for basis in one.bases}
    assert len(possible) > 1
    for basis in LegalBasis:
        told = [line for line in shown if f": {basis} " in line]
        assert len(told) == (basis in possible)
        assert all(BASES[basis].in_(language) in line for line in told)
        assert all(words.HOLDS_WHEN[basis].in_(language) in line for line in told)
    short = str(nobody().line.referral)[:8]
    assert f"held release {short} --partner … --basis … --reason … --actor …" in "\n".join(shown)


@pytest.mark.parametrize(("consent", "shown"), [(Consent.NOT_ASKED, True), (Consent.GIVEN, False)])
def test_where_the_basis_of_the_rules_does_not_hold_it_tells_which_would(consent: Consent, shown: bool) -> None:  # noqa: FBT001
    """For that partner; and where it holds, nobody is asked for another."""
    about = samples.referral(about=samples.facts(consent=consent)).model_copy(
        update={"legal_basis": LegalBasis.CONSENT}
    )
    told = text(of(samples.line(state=HELD), about))
    assert ("what --basis may be: wmo-2015-5.2.6 " in told, "--basis … --reason" in told) == (shown, shown)
    assert "--partner …" not in told
    assert "--to … --reason" in told


@pytest.mark.parametrize(("partner", "first"), [(PARTNER, LegalBasis.WMO_5_2_6), ("opvang", LegalBasis.VITAL_INTEREST)])
def test_a_release_without_a_basis_lists_those_that_can_be_stated_there(partner: str, first: LegalBasis) -> None:
    """Each in a sentence, in both languages, and the command to type; none that does not open that partner's help."""
    command = order(Action.RELEASE, nobody().line.referral, actor="lead-1", reason="known", at=AT, partner=partner)
    possible = {one.partner: one.bases for one in nobody().choices}[partner]
    for language in LANGUAGES:
        said = not_released(NO_BASIS, command, nobody(), DIRECTORY, language)
        assert first in possible
        assert {basis for basis in LegalBasis if f"  {basis} " in said} == set(possible)
        assert all(words.HOLDS_WHEN[basis].in_(language) in said for basis in possible)
        assert f"--partner {partner} --basis {possible[0]}" in said
        assert not_released("not-in-area", command, nobody(), DIRECTORY, language).count("\n") == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_release_to_a_partner_that_is_misspelt_names_the_one_that_was_meant(language: Language) -> None:
    """As every list does; one that is like none leads to partners.yaml."""
    for typed, said in {"opvan": " opvang?", "1234": "partners.yaml,"}.items():
        command = order(Action.RELEASE, nobody().line.referral, actor="lead-1", reason="known", at=AT, partner=typed)
        assert said in not_released(UNKNOWN_PARTNER, command, nobody(), DIRECTORY, language)


def test_of_an_unknown_area_every_partner_under_that_law_can_be_chosen() -> None:
    """The reviewer knows where it is."""
    about = samples.referral(partner=None, kind=None, about=samples.facts(area=None))
    view = of(samples.line(state=HELD, partner=None, kind=None, recipient=""), about)
    assert {one.partner for one in view.choices} == {PARTNER, "opvang", "elders"}


def test_it_tells_which_rules_fired_and_what_they_saw() -> None:
    """With the note of what the router would not do by itself."""
    seen = (Seen(name="children", value="unknown"),)
    trace = RuleTrace(rule="nl-schade", effect=Effect.HOLD, seen=seen, note="legal-basis,emergency-call")
    about = samples.referral().model_copy(update={"explanation": Explanation(rule_set="a" * 64, fired=(trace,))})
    told = text(of(samples.line(state=HELD), about), "nl")
    assert "nl-schade · kinderen in huis: niet bekend · de grondslag geldt hier niet, bel ook" in told


@pytest.mark.parametrize(
    ("basis", "consent", "verdict"),
    [
        (LegalBasis.WMO_5_2_6, Consent.NOT_ASKED, ": it holds"),
        (LegalBasis.CONSENT, Consent.NOT_ASKED, ": it does not hold here"),
        (LegalBasis.CONSENT, Consent.GIVEN, ": it holds"),
    ],
)
def test_it_tells_whether_the_legal_basis_holds(basis: LegalBasis, consent: Consent, verdict: str) -> None:
    """By the same table that the release is held to."""
    about = samples.referral(about=samples.facts(consent=consent)).model_copy(update={"legal_basis": basis})
    assert verdict in text(of(samples.line(state=HELD), about))


def test_it_tells_what_happened_before_in_this_case() -> None:
    """Decisions with who, why and what was refused; and where the other referrals of the case stand."""
    line, other = samples.line(state=HELD, revision=2), samples.line(state=DeliveryState.DISMISSED, reason="dismissed")
    made = Decision(UUID(int=1), other.referral, AT, "dismiss", "af-1", "bekend", None, None)
    refused = Decision(UUID(int=2), line.referral, AT + timedelta(hours=1), "release", "af-2", "toch", None, "is-done")
    told = text(of(line, case=[line, other], decided=[made, refused]), "nl")
    assert f"versie 1 · {PARTNER} · afgewezen door af-1 · bekend" in told
    assert f"versie 2 · {PARTNER} · vrijgegeven door af-2 · toch · geweigerd: er is al gebeld" in told
    assert f"versie 1 · {PARTNER} · afgewezen\n" in told


def test_it_tells_whose_it_is_and_by_when() -> None:
    """The first person's of the desk until it is given to another."""
    line = samples.line(state=HELD, deadline=AT + timedelta(hours=3, minutes=20))
    assert "with: af-1" in text(of(line))
    assert "with: af-9" in text(of(line, waiting=Waiting("af-9", 1)))
    assert "3 h 20 min" in text(of(line))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind)
def test_nothing_that_points_to_a_dwelling_or_a_person_is_shown(kind: Kind, language: Language) -> None:
    """Neither the household's pseudonym nor what is sealed, in words or as data."""
    about = samples.referral(about=samples.facts(kind=kind, household="ab" * 16, acute=Answer.YES))
    view = of(samples.line(state=HELD), about)
    shown = text(view, language) + orjson.dumps(view.as_data()).decode()
    assert "ab" * 16 not in shown
    assert samples.SEALED.box not in shown
    assert str(kind) in shown


@pytest.mark.parametrize(
    ("gap", "told"),
    [
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=2), "2 h 0 min"),
        (timedelta(days=2), "2 d"),
        (timedelta(days=1, hours=4), "1 d 4 h"),
        (-timedelta(hours=3, minutes=5), "3 h 5 min te laat"),
        (timedelta(0), "0 min te laat"),
    ],
)
def test_time_left_is_told_in_one_or_two_units(gap: timedelta, told: str) -> None:
    """And how late it is, once it is."""
    assert desk_view.left(AT + gap, AT, "nl") == told


def codes() -> Iterator[str]:
    """Every code by which notify declines what a person decided, as it stands in the code."""
    for name in ("admission", "answering", "commanding", "desk", "partner_desk", "releasing"):
        yield from re.findall(r'Declined\("([a-z-]+)"\)', (Path(desk_view.__file__).parent / f"{name}.py").read_text())
    yield from ("is-disabled", "is-enabled", "state-a-legal-basis", "legal-basis-does-not-permit", *Objection)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", [*DECLINED, *codes(), *(f"is-{state}" for state in DeliveryState)])
def test_every_refusal_says_what_is_wrong(reason: str, language: Language) -> None:
    """In a sentence, not as a code."""
    assert desk_view.declined(reason, language) != reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_partner_turned_down_is_told_in_words(language: Language) -> None:
    """It came back to a person, who reads why as she reads every other reason."""
    for rejection in ELSEWHERE:
        assert "partner" in desk_view.held_for(rejection.value, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_must_decide_reads_the_clock_that_hangs_on_her_wall(language: Language) -> None:
    """Summer or winter time of the country that the signal comes from, whatever the language."""
    view = of(samples.line(state=HELD, deadline=datetime(2026, 7, 1, 22, 30, tzinfo=UTC)))
    assert "2026-07-02 00:30 CEST" in dict(desk_view.rows(view, AT, language))[words.DEADLINE.in_(language)]
    assert clock_in("GB", datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == "2026-12-31 23:59 GMT"


def test_what_became_of_a_case_is_told_in_words_and_their_own_code_as_they_write_it() -> None:
    """A person's own reason stays as it was typed; ours is a code, in Dutch behind its words."""
    about = samples.referral()
    facts = about.facts.model_copy(update={"origin_code": "threat"})
    about = about.model_copy(update={"facts": facts})
    line = samples.line(state=HELD)
    history = (
        Past(AT, 1, line.referral, "cancelled", "opvang", reason="superseded"),
        Past(AT, 1, line.referral, "dismiss", "opvang", actor="lead-1", reason="superseded"),
    )
    dutch = text(replace(of(line, about), history=history), "nl")
    assert "code van het primaire systeem: threat\n" in dutch
    assert "· vervangen door een nieuwere (superseded)\n" in dutch
    assert "lead-1 · superseded\n" in dutch
    assert f"0000 000001 ({PARTNER})\n" in dutch


@pytest.mark.parametrize(
    ("line", "label", "said"),
    [
        (samples.line(state=HELD), "why it is held", "nobody gives that help in this area"),
        (samples.line(state=HELD, reason="not-in-area"), "why it is held", "the partner turned it down"),
        (samples.line(state=DeliveryState.DISMISSED, reason="dismissed"), "why it was held", "nobody gives that help"),
        (samples.line(state=DeliveryState.DISMISSED, reason="dismissed", attempts=1), None, ""),
        (samples.line(state=DeliveryState.CANCELLED, reason="superseded"), "why", "a newer revision took its place"),
        (samples.line(state=DeliveryState.PARKED, reason="too-old"), "why", "too-old"),
    ],
)
def test_what_does_not_wait_any_more_is_not_said_to_be_held(line: Line, label: str | None, said: str) -> None:
    """Of a dismissed one what made it wait, and nothing where it was sent before, as the ledger does not keep that."""
    about = samples.referral().model_copy(update={"handling": Handling.HOLD, "reason": "no-partner"})
    found = {name: text for name, text in desk_view.rows(of(line, about), AT, "en") if name.startswith("why")}
    assert found.keys() == ({label} if label else set())
    assert all(text.startswith(said) for text in found.values())
