"""A draft is laid over the configuration: what the event says counts, then its code, then the source's default."""

import re
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import pytest

from schemas.codes import Answer, Kind, Origin, Urgency
from schemas.corporation import Defaults, Meaning
from services.ingest.draft import Ignored
from services.ingest.normalise import Accepted
from services.keyring.household import household
from services.runtime.errors import Unreadable
from tests.unit.ingest.samples import ENGLISH, SENT, a_concern, a_signalering, accepted, an_intake, became


def test_the_most_telling_code_decides() -> None:
    """`OVE.GEL` before `OVE`."""
    codes = {"OVE.GEL": Meaning(kind=Kind.NOISE_VIOLENCE), "OVE": Meaning(kind=Kind.NUISANCE)}
    intake = an_intake("vera-signalering", codes=codes)
    assert accepted(a_signalering(), intake).facts.kind is Kind.NOISE_VIOLENCE
    assert accepted(a_signalering(detailSoort="XYZ"), intake).facts.kind is Kind.NUISANCE


def test_a_code_may_mean_that_it_is_no_signal() -> None:
    """`ignore` for the detail holds, also where the kind means something."""
    intake = an_intake("vera-signalering", codes={"OVE.GEL": "ignore", "OVE": Meaning(kind=Kind.NUISANCE)})
    assert became(a_signalering(), intake) == Ignored("code-ignored")


def test_a_code_that_nobody_mapped_waits_for_a_person() -> None:
    """Unless the source says otherwise: nobody decides by silence that it was nothing."""
    parked = became(a_signalering(soort="ZZZ", detailSoort=None), an_intake("vera-signalering"))
    assert isinstance(parked, Unreadable)
    assert (parked.reason, parked.field) == ("unmapped-code", "soort")
    assert "ZZZ" not in str(parked)
    ignored = became(a_signalering(soort="ZZZ", detailSoort=None), an_intake("vera-signalering", unmapped="ignore"))
    assert ignored == Ignored("unmapped-code")


def test_event_then_code_then_default() -> None:
    """The nearer to what happened, the more it counts."""
    codes = {"OVE": Meaning(kind=Kind.NUISANCE, urgency=Urgency.URGENT, acute=Answer.NO)}
    defaults = Defaults(urgency=Urgency.ROUTINE, origin=Origin.THIRD_PARTY)
    intake = an_intake("vera-signalering", codes=codes, defaults=defaults)
    said = [{"naam": "seinpaal.acuut", "waarde": "ja"}]
    facts = accepted(a_signalering(**{"extra-attributen": said}), intake).facts
    assert (facts.acute, facts.urgency, facts.origin) == (Answer.YES, Urgency.URGENT, Origin.THIRD_PARTY)


@pytest.mark.parametrize(
    ("kind", "disclosure", "weapon"),
    [
        (Kind.DISCLOSURE_VICTIM, True, False),
        (Kind.DISCLOSURE_CHILD, True, False),
        (Kind.WEAPON, False, True),
        (Kind.THREAT, False, False),
    ],
)
def test_what_a_code_means_tells_a_disclosure_or_a_weapon(kind: Kind, *, disclosure: bool, weapon: bool) -> None:
    """In every shape: a partner was told of a disclosure only where the event itself wrote our word for it."""
    mapped = accepted(a_signalering(), an_intake("vera-signalering", codes={"OVE.GEL": {"kind": kind}})).facts
    ours = accepted(a_concern(kind=kind), an_intake("concern")).facts
    assert (mapped.disclosure, mapped.weapon) == (ours.disclosure, ours.weapon) == (disclosure, weapon)


def test_the_default_area_holds_where_the_event_tells_none() -> None:
    """A corporation with dwellings in one municipality says so once."""
    intake = an_intake("vera-signalering", defaults=Defaults(area="GM0150"))
    assert accepted(a_signalering(), intake).facts.area == "GM0150"
    assert accepted(a_signalering(adres={"id": "A-1", "gemeente": {"code": "0193"}}), intake).facts.area == "GM0193"


def test_test_data_is_marked() -> None:
    """By the source, or by the event: partners must not act on it."""
    assert accepted(a_concern(), an_intake("concern", defaults=Defaults(test=True))).facts.test
    assert accepted(a_concern(test=True), an_intake("concern")).facts.test
    assert not accepted(a_concern(), an_intake("concern")).facts.test


def test_the_household_is_a_keyed_pseudonym_of_the_dwelling() -> None:
    """Nothing of the dwelling's id is in it, and another corporation's key makes another."""
    intake = an_intake("concern")
    facts = accepted(a_concern(), intake).facts
    assert facts.household == household(intake.household_key, "E-555")
    assert facts.household != accepted(a_concern(), intake._replace(household_key=b"x" * 32)).facts.household


def test_without_a_dwelling_a_signal_is_carried_all_the_same() -> None:
    """It then adds up with itself alone, and not with all others that lack one."""
    one = accepted(a_concern(id="1", dwelling=None), an_intake("concern"))
    other = accepted(a_concern(id="2", dwelling=None), an_intake("concern"))
    assert one.facts.household != other.facts.household


def test_a_secret_address_reaches_nobody() -> None:
    """The area is enough to choose a partner."""
    where = {"lines": ["Voorbeeldstraat 1"], "postcode": "8011 AA", "city": "Zwolle", "secret": True}
    signal = accepted(a_concern(address=where), an_intake("concern"))
    assert signal.facts.secret_address
    assert signal.facts.area == "GM0193"
    assert b"Voorbeeldstraat" not in signal.particulars.reveal()


def test_a_bsn_leaves_no_trace_but_its_count() -> None:
    """In a field, in the narrative, in a name: gone before anything is kept."""
    number = "999999990"
    person = {"id": "R-1", "aanschrijfnaam": f"Testpersoon {number}", "bsn": number}
    signal = accepted(a_signalering(relatie=person, toelichting=f"BSN {number}."), an_intake("vera-signalering"))
    assert signal.removed == 3
    assert number.encode() not in signal.particulars.reveal() + signal.facts.write()
    assert signal.particulars.narrative is not None
    assert signal.particulars.narrative.reveal() == "BSN [BSN]."


def test_a_changed_record_is_another_event_of_the_same_signal() -> None:
    """The digest of the content tells changes apart where no id does; the layout of the JSON does not count."""
    intake = an_intake("vera-signalering")
    first = accepted(a_signalering(), intake)
    changed = accepted(a_signalering(toelichting="Verzonnen: anders."), intake)
    reordered = accepted(dict(reversed(a_signalering().items())), intake)
    assert first.signal == changed.signal
    assert first.event != changed.event
    assert (first.signal, first.event) == (reordered.signal, reordered.event)


TOLD: Final = {"id": "Z-1", "kind": "stalking", "changedAt": "2026-03-02T22:00:00Z", "narrative": "Verzonnen."}


@pytest.mark.parametrize("mode", ["binary", "structured", "posted", "landlord"])
def test_one_id_for_all_changes_of_a_record_loses_none_of_them(mode: str) -> None:
    """CloudEvents forbids it and systems do it; the same sent again is the same."""

    def told(kind: str = "demo.told.v1", **changes: Any) -> UUID:
        """The event that it becomes."""
        match mode:
            case "binary":
                headers = [("ce_id", b"ONE"), ("ce_type", kind.encode()), ("ce_time", b"2026-03-02T22:00:00Z")]
                return accepted({**TOLD, **changes}, an_intake("concern"), headers=headers).event
            case "structured":
                envelope = {"specversion": "1.0", "id": "ONE", "type": kind, "data": {**TOLD, **changes}}
                return accepted(envelope, an_intake("concern")).event
            case "posted":
                headers = [("id", b"ONE"), ("ce_type", kind.encode())]
                return accepted({**TOLD, **changes}, an_intake("debezium"), headers=headers).event
            case _:
                event = {"id": "ONE", "eventType": kind, "entityId": "Z-1", "eventData": {"newData": changes}}
                codes = dict.fromkeys(("demo.told.v1", "demo.withdrawn.v1"), Meaning(kind=Kind.STALKING))
                return accepted(event, an_intake("landlord-event", corporation=ENGLISH, codes=codes)).event

    first = told()
    assert told() == first
    assert len({first, told(narrative="Verzonnen: anders."), told("demo.withdrawn.v1")}) == 3


@pytest.mark.parametrize(
    ("headers", "at"),
    [
        ([], datetime.fromtimestamp(SENT / 1000, UTC)),
        ([("ce_time", b"2026-03-02T21:45:12Z")], datetime(2026, 3, 2, 21, 45, 12, tzinfo=UTC)),
        ([("X-Stuurgegevens-Tijdstip-Bericht", b"2026-03-02T21:45:12Z")], datetime(2026, 3, 2, 21, 45, 12, tzinfo=UTC)),
        ([("ce_time", b"2999-01-01T00:00:00Z")], datetime.fromtimestamp(SENT / 1000, UTC)),
        ([("ce_time", b"2126-01-01T00:00:00Z")], datetime.fromtimestamp(SENT / 1000, UTC)),
    ],
)
def test_a_change_is_dated_by_its_source_but_never_after_kafka_had_it(headers: list[Any], at: datetime) -> None:
    """A tenant system's clock in the future would make every later correction look overtaken."""
    assert accepted(a_signalering(), an_intake("vera-signalering"), headers=headers).changed_at == at


def test_a_reference_that_may_not_stand_in_the_clear_is_left_out() -> None:
    """The signal keeps its identity; its record id does not travel."""
    outcome = became(a_signalering(id="Jansen & zoon, 1e melding"), an_intake("vera-signalering"))
    assert isinstance(outcome, Accepted)
    assert outcome.reference is None


def test_facts_hold_codes_only() -> None:
    """Whatever stands in the clear is of a closed vocabulary, a code, a time or a pseudonym."""
    facts = accepted(a_signalering(), an_intake("vera-signalering")).facts
    words = re.findall(r'"([^"]+)"', facts.write().decode())
    assert not [word for word in words if re.search(r"\s", word)]
