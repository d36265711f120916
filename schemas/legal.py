"""Which legal basis permits which kind of help, and what the facts must say for it to hold.

Sources: Wmo 2015 article 5.2.6 (Veilig Thuis only, without consent); GDPR articles 6(1)(a) and (d), 9(2)(a) and (c);
Data Protection Act 2018, Schedule 1, paragraph 18 (safeguarding).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from schemas.codes import Answer, Consent, LegalBasis, PartnerKind
from schemas.signal import Facts

Country = Literal["NL", "GB"]

KINDS: Final[Mapping[Country, frozenset[PartnerKind]]] = MappingProxyType(
    {
        "NL": frozenset({PartnerKind.VEILIG_THUIS, PartnerKind.WOMENS_SHELTER, PartnerKind.NEIGHBOURHOOD_TEAM}),
        "GB": frozenset(
            {
                PartnerKind.MARAC,
                PartnerKind.IDVA,
                PartnerKind.CHILDRENS_SERVICES,
                PartnerKind.ADULT_SOCIAL_CARE,
            }
        ),
    }
)
"""The kinds of help there are under each country's law."""

_EVERY: Final = KINDS["NL"] | KINDS["GB"]


@dataclass(frozen=True, slots=True)
class Permission:
    """The kinds of help a basis opens, and when. `sentence` tells a person what is missing."""

    kinds: frozenset[PartnerKind]
    holds: Callable[[Facts], bool]
    sentence: str


def _always(facts: Facts) -> bool:
    del facts
    return True


def _vital(facts: Facts) -> bool:
    """Acute danger is not ruled out, and nobody able to consent refused (GDPR article 9(2)(c))."""
    return facts.acute is not Answer.NO and facts.consent is not Consent.REFUSED


PERMISSIONS: Final[Mapping[LegalBasis, Permission]] = MappingProxyType(
    {
        LegalBasis.WMO_5_2_6: Permission(frozenset({PartnerKind.VEILIG_THUIS}), _always, "only to Veilig Thuis"),
        LegalBasis.CONSENT: Permission(
            _EVERY, lambda facts: facts.consent is Consent.GIVEN, "only when consent was given"
        ),
        LegalBasis.VITAL_INTEREST: Permission(_EVERY, _vital, "only in acute danger, and not against a refusal"),
        LegalBasis.COVENANT: Permission(
            frozenset({PartnerKind.NEIGHBOURHOOD_TEAM, PartnerKind.WOMENS_SHELTER}),
            _always,
            "only to the Dutch partners of the covenant",
        ),
        LegalBasis.DPA_SAFEGUARDING: Permission(KINDS["GB"], _always, "only to partners in the United Kingdom"),
    }
)


def holds_always(basis: LegalBasis) -> bool:
    """Whether it holds whatever the facts of a signal say."""
    return PERMISSIONS[basis].holds is _always


def could_permit(basis: LegalBasis, kind: PartnerKind) -> bool:
    """Whether that basis opens that kind of help for any signal at all."""
    return kind in PERMISSIONS[basis].kinds


def may_be_stated(basis: LegalBasis, kind: PartnerKind, facts: Facts) -> bool:
    """Whether a person who decides may state that basis: it opens that kind of help, and the facts do not deny it.

    Consent may have been given since the facts were told. Where they say it was refused, they must be mended first.
    """
    if basis is LegalBasis.CONSENT:
        return could_permit(basis, kind) and facts.consent is not Consent.REFUSED
    return permits(basis, kind, facts)


def permits(basis: LegalBasis, kind: PartnerKind, facts: Facts) -> bool:
    """Whether this signal may be shared with that kind of help on that basis, without a person looking first."""
    permission = PERMISSIONS[basis]
    return kind in permission.kinds and permission.holds(facts)
