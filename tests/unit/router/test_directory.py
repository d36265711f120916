"""Which area and which partner on which day."""

from datetime import date

from schemas.area import AreaEntry
from schemas.codes import PartnerKind
from schemas.partner import Partner
from services.router.directory import Directory
from tests.unit.router.samples import PARTNERS

DAY = date(2026, 1, 1)


def area(code: str, **given: date | str) -> AreaEntry:
    """A Dutch area."""
    return AreaEntry.model_validate({"code": code, "name": "Voorbeeld", "country": "NL", **given})


def partner(name: str, *, begins: date | None = None, ends: date | None = None) -> Partner:
    """Gives Veilig Thuis help in Zwolle for a time."""
    whole = PARTNERS[0]
    serves = whole.serves[0].model_copy(update={"valid_from": begins, "valid_until": ends})
    return whole.model_copy(update={"id": name, "serves": (serves,)})


def test_a_merged_municipality_is_the_one_it_went_up_in() -> None:
    """From the day it is no more; a tenant system may know it by its old code for years."""
    known = Directory((), (area("GM0001", valid_until=DAY, successor="GM0002"), area("GM0002")))
    assert known.area_on("GM0001", "NL", date(2025, 12, 31)) == "GM0001"
    assert known.area_on("GM0001", "NL", DAY) == "GM0002"


def test_two_mergers_are_followed_and_a_circle_ends() -> None:
    """A mistake in the areas may cost a hold, never a hang."""
    chain = (area("GM0001", valid_until=DAY, successor="GM0002"), area("GM0002", valid_until=DAY, successor="GM0003"))
    assert Directory((), (*chain, area("GM0003"))).area_on("GM0001", "NL", DAY) == "GM0003"
    circle = (*chain, area("GM0003", valid_until=DAY, successor="GM0001"))
    assert Directory((), circle).area_on("GM0001", "NL", DAY) is None


def test_an_area_that_is_no_more_and_has_no_successor_is_not_known() -> None:
    """A person finds out where it went."""
    assert Directory((), (area("GM0001", valid_until=DAY),)).area_on("GM0001", "NL", DAY) is None


def test_the_partner_is_the_one_of_that_day() -> None:
    """A contract ends and another begins; the last day belongs to the old one."""
    known = Directory((partner("old", ends=DAY), partner("new", begins=DAY)), (area("GM0193"),))
    assert known.partner_for(PartnerKind.VEILIG_THUIS, "GM0193", date(2025, 12, 31)) == "old"
    assert known.partner_for(PartnerKind.VEILIG_THUIS, "GM0193", DAY) == "new"
    assert known.partner_for(PartnerKind.IDVA, "GM0193", DAY) is None
