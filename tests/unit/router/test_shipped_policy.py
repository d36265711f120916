"""The policy we ship: it is well, and does what the meldcode and MARAC practice ask."""

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from schemas.codes import Answer, Consent, Kind, Origin, Violence
from schemas.legal import KINDS
from schemas.partner import FhirChannel, Partners, WebhookChannel
from schemas.referral import Handling
from services.router.check import check, load
from services.router.decision import Reason, Recorded, Routed
from services.runtime.yaml_file import load_yaml
from tests.unit.router.samples import HACKNEY, follow, signal

CONFIG: Final = Path(__file__).parents[3] / "deploy/config"
RULES: Final = load(CONFIG, date(2026, 3, 2))

VT: Final = "veilig-thuis-voorbeeld"
ENGLISH: Final[dict[str, Any]] = {"country": "GB", "area": HACKNEY}


def told(**given: Any) -> dict[str | None, str]:
    """Partner -> how, for a first event; a referral for nobody is under None."""
    (decision,), _ = follow(RULES, signal(**given))
    assert isinstance(decision, Routed | Recorded)
    if isinstance(decision, Recorded):
        return {}
    return {one.partner: f"{one.handling} {one.reason}" for one in decision.referrals}


def test_the_checks_find_nothing() -> None:
    """Not even what would only be told."""
    rules, findings = check(CONFIG, date(2026, 3, 2))
    assert findings == []
    assert rules is not None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kind": Kind.NOISE_VIOLENCE, "acute": Answer.YES}, {VT: "send rule"}),
        ({"kind": Kind.NOISE_VIOLENCE}, {VT: "send rule"}),
        ({"kind": Kind.NOISE_VIOLENCE, "acute": Answer.NO, "structural": Answer.NO}, {VT: "hold rule"}),
        ({"kind": Kind.CHILD_ALONE, "acute": Answer.NO, "structural": Answer.NO}, {VT: "send rule"}),
        (
            {"kind": Kind.DISCLOSURE_VICTIM, "consent": Consent.GIVEN},
            {VT: "send rule", "kadera-voorbeeld": "send rule", "wijkteam-zwolle-voorbeeld": "send rule"},
        ),
        ({"kind": Kind.DISCLOSURE_VICTIM}, {VT: "send rule", "kadera-voorbeeld": "hold legal-basis"}),
        ({"kind": Kind.ELDER_ABUSE}, {VT: "send rule"}),
        (
            {"kind": Kind.HOME_NEGLECT, "children": Answer.NO, "consent": Consent.GIVEN},
            {"wijkteam-zwolle-voorbeeld": "send rule"},
        ),
        (
            {"kind": Kind.HOME_NEGLECT, "children": Answer.NO, "consent": Consent.GIVEN, "area": "GM0141"},
            {"wijkteam-overijssel-voorbeeld": "send rule"},
        ),
        ({"kind": Kind.NUISANCE, "children": Answer.NO}, {"wijkteam-zwolle-voorbeeld": "hold legal-basis"}),
        ({"kind": Kind.NUISANCE}, {VT: "hold rule"}),
        ({"kind": Kind.DAMAGE_DOOR, "origin": Origin.SYSTEM_RULE}, {VT: "hold system-rule"}),
        ({"kind": Kind.RENT_ARREARS, "origin": Origin.SYSTEM_RULE}, {}),
        ({"kind": Kind.OTHER_CONCERN}, {None: "hold no-rule-fired"}),
        ({"kind": Kind.THREAT, "secret_address": True}, {VT: "hold secret-address"}),
        ({"kind": Kind.THREAT, "area": None}, {None: "hold area-unknown"}),
    ],
)
def test_in_the_netherlands(given: dict[str, Any], expected: dict[str | None, str]) -> None:
    """Acute or structural unsafety that is not excluded, disclosure and children: Veilig Thuis. Consent for others."""
    assert told(**given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"kind": Kind.COERCIVE_CONTROL, "dash_score": 14, "children": Answer.NO},
            {"marac-example": "send rule", "idva-example": "send rule"},
        ),
        (
            {"kind": Kind.COERCIVE_CONTROL, "dash_score": 14},
            {
                "marac-example": "send rule",
                "idva-example": "send rule",
                "childrens-services-example": "send rule",
            },
        ),
        (
            {"kind": Kind.COERCIVE_CONTROL, "dash_score": 9, "professional_judgement": True, "children": Answer.NO},
            {"marac-example": "send rule", "idva-example": "send rule"},
        ),
        (
            {"kind": Kind.THREAT, "dash_score": 9, "children": Answer.NO, "consent": Consent.GIVEN},
            {"idva-example": "send rule"},
        ),
        ({"kind": Kind.THREAT, "dash_score": 9, "children": Answer.NO}, {"idva-example": "hold legal-basis"}),
        ({"kind": Kind.THREAT, "children": Answer.NO}, {"idva-example": "hold rule"}),
        ({"kind": Kind.CHILD_NEGLECT}, {"childrens-services-example": "send rule"}),
        ({"kind": Kind.OTHER_CONCERN, "violence": (Violence.ELDER_ABUSE,)}, {"adult-social-care-example": "send rule"}),
        ({"kind": Kind.LOCK_CHANGE, "origin": Origin.SYSTEM_RULE}, {"idva-example": "hold system-rule"}),
    ],
)
def test_in_england(given: dict[str, Any], expected: dict[str | None, str]) -> None:
    """DASH 14 or professional judgement: MARAC and IDVA. Children, or not known: their own referral beside it."""
    assert told(**ENGLISH, **given) == expected


def test_every_kind_of_help_of_a_country_is_given_in_each_of_its_areas() -> None:
    """In all 25 municipalities of Overijssel and both boroughs, so that a reviewer can choose any."""
    areas = RULES.directory.areas
    assert len({area.code for area in areas if area.country == "NL"}) == 25
    assert {area.code for area in areas if area.country == "GB"} == {HACKNEY, "E09000019"}
    for area in areas:
        for kind in KINDS[area.country]:
            assert RULES.directory.partner_for(kind, area.code, date(2026, 3, 2)), (kind, area.code)


def test_whoever_noticed_something_of_any_kind_is_answered() -> None:
    """Only concerns nobody has a word for are left to a reviewer without a proposal."""
    for kind, where in product(Kind, ({}, ENGLISH)):
        reasons = {how.split()[1] for how in told(kind=kind, **where).values()}
        assert (Reason.NO_RULE_FIRED in reasons) == (kind is Kind.OTHER_CONCERN), (kind, where)


def test_no_machines_guess_is_sent_by_the_shipped_rules() -> None:
    """Whatever it guesses."""
    for kind, acute, where in product(Kind, Answer, ({}, ENGLISH)):
        hows = told(kind=kind, acute=acute, origin=Origin.SYSTEM_RULE, **where).values()
        assert not [how for how in hows if how.startswith(Handling.SEND)]


def test_shipped_partners_stand_on_the_four_channels_of_the_sandbox() -> None:
    """On this machine only, with secrets by reference."""
    partners = load_yaml(CONFIG / "partners.yaml", Partners).partners
    channels = [partner.channel for partner in partners]
    urls = [channel.url for channel in channels if isinstance(channel, FhirChannel | WebhookChannel)]
    assert len(urls) == len(partners)
    assert len(set(map(str, urls))) == 4
    assert {url.host for url in urls} == {"127.0.0.1"}
    for partner in partners:
        assert partner.allow_networks == ("127.0.0.0/8",)
        if isinstance(partner.channel, WebhookChannel):
            assert partner.channel.secret.startswith("env:")
