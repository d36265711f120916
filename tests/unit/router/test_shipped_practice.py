"""The practice of both countries as shipped: the meldcode's steps, MARAC's criteria, municipalities that merge."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from schemas.codes import Answer, Consent, Kind, Origin, PartnerKind, Urgency
from schemas.referral import Handling
from services.router.check import check, load
from services.router.decide import decide
from services.router.decision import Recorded, Routed
from services.router.household import ALONE, Household, Noticed
from services.router.memory import Earlier
from services.router.ruleset import RuleSet
from tests.unit.router.samples import HACKNEY, NOW, at, signal
from tests.unit.router.test_household import other
from tests.unit.router.test_shipped_policy import CONFIG, ENGLISH, RULES, VT, told

ISLINGTON: Final = "E09000019"
KADERA, TEAM = "kadera-voorbeeld", "wijkteam-zwolle-voorbeeld"
MARAC, IDVA = "marac-example", "idva-example"


def decided(rules: RuleSet = RULES, *others: Noticed, on: datetime = NOW, **given: Any) -> Routed:
    """The decision on a first event that goes to somebody."""
    household = Household(others) if others else ALONE
    decision = decide(signal(**given), at(), rules, Earlier(), on, household=household)
    assert isinstance(decision, Routed), decision
    return decision


def whom(decision: Routed | Recorded) -> dict[str | None, str]:
    """Partner -> how."""
    found = decision.referrals if isinstance(decision, Routed) else ()
    return {one.partner: f"{one.handling} {one.reason}" for one in found}


def copied(folder: Path) -> Path:
    """The shipped policy, to be changed."""
    return Path(shutil.copytree(CONFIG, folder / "config"))


def edit(path: Path, old: str, new: str) -> None:
    """With one passage of a file replaced; it must stand there."""
    text = path.read_text()
    assert old in text, old
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kind": Kind.STRANGULATION}, {VT: "send rule", KADERA: "send rule"}),
        (
            {"kind": Kind.STRANGULATION, "consent": Consent.GIVEN},
            {VT: "send rule", KADERA: "send rule", TEAM: "send rule"},
        ),
        ({"kind": Kind.WEAPON, "consent": Consent.REFUSED}, {VT: "send rule", KADERA: "hold legal-basis"}),
        ({"kind": Kind.WEAPON, "acute": Answer.NO, "structural": Answer.YES}, {VT: "send rule"}),
        ({"kind": Kind.THREAT, "acute": Answer.NO, "informed": Answer.NO}, {VT: "hold rule"}),
        ({"kind": Kind.THREAT, "acute": Answer.NO, "informed": Answer.YES}, {VT: "send rule"}),
        ({"kind": Kind.THREAT, "informed": Answer.NO}, {VT: "send rule"}),
        ({"kind": Kind.DISCLOSURE_CHILD, "acute": Answer.NO, "informed": Answer.NO}, {VT: "send rule"}),
    ],
)
def test_the_steps_of_the_meldcode(given: dict[str, Any], expected: dict[str | None, str]) -> None:
    """Not known counts as yes; talk first where there is no danger; help for adults and children beside the report."""
    assert told(**given) == expected


def test_who_does_not_follow_the_meldcode_takes_its_file_away(tmp_path: Path) -> None:
    """The set is well without it, and violence is then always a person's."""
    folder = copied(tmp_path)
    (folder / "rules/nl-meldcode.yaml").unlink()
    rules, findings = check(folder, date(2026, 3, 2))
    assert (rules is not None, findings) == (True, [])
    assert whom(decided(load(folder, date(2026, 3, 2)), kind=Kind.THREAT)) == {None: "hold no-rule-fired"}


@pytest.mark.parametrize("where", [{}, ENGLISH])
@pytest.mark.parametrize("kind", [Kind.STRANGULATION, Kind.CHILD_ALONE, Kind.NUISANCE, Kind.LOCK_CHANGE])
def test_an_emergency_always_asks_for_a_call(kind: Kind, where: dict[str, Any]) -> None:
    """In both countries, whatever was noticed, sent or held: an electronic referral alone is not enough."""
    decision = decided(kind=kind, urgency=Urgency.EMERGENCY, **where)
    assert decision.explanation.fired
    assert all("emergency-call" in (trace.note or "") for trace in decision.explanation.fired)
    assert {one.deadline for one in decision.referrals} == {NOW + timedelta(minutes=15)}


@pytest.mark.parametrize(
    ("area", "score", "expected"),
    [
        (HACKNEY, 13, {IDVA: "hold legal-basis"}),
        (HACKNEY, 14, {MARAC: "send rule", IDVA: "send rule"}),
        (ISLINGTON, 14, {IDVA: "send rule"}),
        (ISLINGTON, 16, {IDVA: "send rule"}),
        (ISLINGTON, 17, {MARAC: "send rule", IDVA: "send rule"}),
    ],
)
def test_the_score_that_counts_is_that_of_the_area(area: str, score: int, expected: dict[str, str]) -> None:
    """One borough asks 17 for MARAC; professional judgement stands beside the score in both."""
    asked = {"country": "GB", "kind": Kind.COERCIVE_CONTROL, "children": Answer.NO, "area": area}
    assert told(**asked, dash_score=score) == expected
    judged = told(**asked, dash_score=score, professional_judgement=True)
    assert judged == {MARAC: "send rule", IDVA: "send rule"}


def test_a_threshold_is_data(tmp_path: Path) -> None:
    """Changing it changes the version and what is decided, and no rule."""
    folder = copied(tmp_path)
    edit(folder / "areas/en.yaml", "dash: {marac: 14, idva: 14}", "dash: {marac: 12}")
    edit(folder / "rules/en.yaml", "dash_score: 13}, expect: does-not-fire}", "dash_score: 3}, expect: does-not-fire}")
    rules = load(folder, date(2026, 3, 2))
    assert rules.version != RULES.version
    decision = decided(rules, country="GB", area=HACKNEY, kind=Kind.THREAT, dash_score=12, children=Answer.NO)
    assert whom(decision)[MARAC] == "send rule"


@pytest.mark.parametrize(("days", "repeat"), [(30, True), (365, True), (366, False)])
def test_a_repeat_within_twelve_months_is_put_before_the_lead(days: int, repeat: bool) -> None:  # noqa: FBT001
    """Whatever the score; what goes to others anyway still goes."""
    marac = other(days, Kind.THREAT, asked=frozenset({PartnerKind.MARAC}))
    found = whom(decided(RULES, marac, **ENGLISH, kind=Kind.NOISE_VIOLENCE, children=Answer.YES))
    assert found.get(MARAC) == ("hold pattern" if repeat else None)
    assert found["childrens-services-example"] == "send rule"


@pytest.mark.parametrize("consent", list(Consent))
def test_what_is_shared_without_consent_says_why(consent: Consent) -> None:
    """MARAC asks for it; where consent was given nothing is said."""
    decision = decided(**ENGLISH, kind=Kind.THREAT, dash_score=20, consent=consent)
    sent = {one.partner for one in decision.referrals if one.handling is Handling.SEND}
    assert {MARAC, IDVA, "childrens-services-example"} <= sent
    for trace in decision.explanation.fired:
        assert (trace.without_consent is None) == (consent is Consent.GIVEN), trace.rule


def test_the_radar_of_both_countries_only_holds() -> None:
    """A third lock change with a child in the house; three signs of two kinds in ninety days."""
    locks = [other(20), other(200)]
    decision = decided(RULES, *locks, kind=Kind.LOCK_CHANGE, children=Answer.YES, origin=Origin.SYSTEM_RULE)
    assert "nl-radar-sloten" in {trace.rule for trace in decision.explanation.fired}
    signs = [other(5, Kind.NUISANCE), other(50, Kind.DAMAGE_DOOR)]
    english = decided(RULES, *signs, **ENGLISH, kind=Kind.LOCK_CHANGE)
    assert "en-radar" in {trace.rule for trace in english.explanation.fired}
    for one in (*decision.referrals, *english.referrals):
        assert one.handling is Handling.HOLD


MERGED: Final = """\
  - code: GM9901
    name: Nieuw-Voorbeeld
    country: NL
    places: [Olst, Wijhe]
    valid_from: 2027-01-01
"""


def test_municipalities_merge(tmp_path: Path) -> None:
    """From that day on the new one's partner hears of addresses under the old code too, and nobody else does."""
    folder = copied(tmp_path)
    ended = "    valid_until: 2027-01-01\n    successor: GM9901\n"
    edit(
        folder / "areas/nl.yaml",
        "    name: Olst-Wijhe\n    country: NL\n",
        f"    name: Olst-Wijhe\n    country: NL\n{ended}",
    )
    (folder / "areas/nl.yaml").write_text((folder / "areas/nl.yaml").read_text() + MERGED)
    edit(folder / "partners.yaml", "          - GM1773 # Olst-Wijhe\n", "          - GM1773\n          - GM9901\n")
    refused, findings = check(folder, date(2026, 12, 1))
    assert refused is None
    assert "nobody gives wijkteam in GM9901" in str(findings[0])
    edit(folder / "partners.yaml", "        areas: [GM0193]\n", "        areas: [GM0193, GM9901]\n")
    rules = load(folder, date(2026, 12, 1))
    asked = {"kind": Kind.HOME_NEGLECT, "children": Answer.NO, "consent": Consent.GIVEN}
    before, after = (datetime(2026, 12, 31, hour, 59, tzinfo=UTC) for hour in (22, 23))
    assert whom(decided(rules, on=before, area="GM1773", **asked)) == {"wijkteam-overijssel-voorbeeld": "send rule"}
    assert whom(decided(rules, on=after, area="GM1773", **asked)) == {TEAM: "send rule"}
    assert whom(decided(rules, on=after, area="GM9901", **asked)) == {TEAM: "send rule"}
    assert whom(decided(rules, on=before, area="GM9901", **asked)) == {None: "hold area-unknown"}


@pytest.mark.parametrize("area", [None, "GM0001", "E09000012"])
def test_an_address_in_no_area_we_know_is_a_persons(area: str | None) -> None:
    """Not known, not served, or of another country: nobody draws lots."""
    assert told(kind=Kind.THREAT, area=area) == {None: "hold area-unknown"}
