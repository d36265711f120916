"""HELP WORDS: kinds of help, legal bases, and what speaks against a partner, in English and Dutch, by their codes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.codes import LegalBasis, PartnerKind
from schemas.command import Objection
from schemas.words import Words

HELP: Final[Mapping[str, Words]] = MappingProxyType(
    {
        PartnerKind.VEILIG_THUIS: Words("Veilig Thuis (safe at home)", "Veilig Thuis"),
        PartnerKind.WOMENS_SHELTER: Words("women's shelter", "vrouwenopvang"),
        PartnerKind.NEIGHBOURHOOD_TEAM: Words("neighbourhood team", "wijkteam"),
        PartnerKind.MARAC: Words("MARAC", "MARAC"),
        PartnerKind.IDVA: Words("IDVA", "IDVA"),
        PartnerKind.CHILDRENS_SERVICES: Words("children's services (MASH)", "jeugdzorg (MASH, Engeland)"),
        PartnerKind.ADULT_SOCIAL_CARE: Words("adult social care", "volwassenenzorg (Engeland)"),
    }
)
"""Who helps, by the kind of partner."""

BASES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        LegalBasis.WMO_5_2_6: Words(
            "right to report to Veilig Thuis (Wmo 2015, 5.2.6)", "meldrecht Veilig Thuis (Wmo 2015, art. 5.2.6)"
        ),
        LegalBasis.CONSENT: Words(
            "consent of those concerned (GDPR 6(1)(a))", "toestemming van betrokkenen (AVG art. 6 lid 1 onder a)"
        ),
        LegalBasis.VITAL_INTEREST: Words(
            "vital interest, in acute danger (GDPR 6(1)(d))",
            "vitaal belang, bij acuut gevaar (AVG art. 6 lid 1 onder d)",
        ),
        LegalBasis.COVENANT: Words("the covenant with local partners", "het convenant met lokale partners"),
        LegalBasis.DPA_SAFEGUARDING: Words(
            "safeguarding (DPA 2018, Schedule 1, 18)", "safeguarding (DPA 2018, bijlage 1, 18)"
        ),
    }
)
"""Why somebody may be told; `schemas/legal.py` is what decides whether."""

OBJECTIONS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        Objection.NOT_IN_AREA: Words("gives no help in this area", "helpt niet in dit gebied"),
        Objection.OTHER_HELP: Words("gives other help than asked for", "geeft andere hulp dan gevraagd"),
    }
)
"""What speaks against a partner that a person chooses all the same."""
