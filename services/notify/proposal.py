"""PROPOSAL: the rule for what a partner turned down: whom it names, and in which order. A person says whether."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from schemas.progress import Rejection


class Proposal(StrEnum):
    """Why a partner is named."""

    SAME_HELP = "same-help"
    SAME_HELP_ELSEWHERE = "same-help-elsewhere"
    OTHER_HELP = "other-help"


RULE: Final[Mapping[str | None, tuple[Proposal, ...]]] = MappingProxyType(
    {
        Rejection.NOT_IN_AREA: (Proposal.SAME_HELP, Proposal.SAME_HELP_ELSEWHERE, Proposal.OTHER_HELP),
        Rejection.OTHER_HELP: (Proposal.OTHER_HELP,),
    }
)
"""Whom it names after which no, in this order: see `rerouting.py`."""
