"""Who we are in every event: how it may be written, where it is put in, and that nothing else follows from it."""

import re

import pytest

from schemas import cloudevents, ids
from schemas.cloudevents import LONGEST_SOURCE, OUR_SOURCE, sent_by
from schemas.generate import HEADERS
from schemas.topics import OURS, SIGNALS, Topic, outcome_topic
from services.runtime.errors import Refused
from services.runtime.settings import KafkaSettings, load
from tests.unit.notify.samples import AT

OURSELVES = "urn:nld:kvknr:12345678:systeem:seinpaal"
VARIABLE = "SEINPAAL_SOURCE"
GOOD = [OURSELVES, "urn:nld:oin:00000001234567890000:systeem:Seinpaal_2", "urn:example:gb:housing", OUR_SOURCE]
BAD = [
    "",
    "seinpaal",
    "urn:nld:kvknr:1234567:systeem:seinpaal",
    "urn:nld:kvknr:123456789:systeem:seinpaal",
    "urn:nld:kvknr:12345678",
    "urn:nld:kvknr:12345678:systeem:",
    "urn:nld:kvknr:12345678:systeem:een naam",
    f"{OURSELVES}\n",
    "https://seinpaal.example/",
    "urn:x",
    "urn:example:" + "x" * LONGEST_SOURCE,
]


@pytest.mark.parametrize("given", GOOD)
def test_who_we_are_is_said_by_one_variable_for_all_stages(given: str) -> None:
    """As the NL GOV profile has it, or abroad as a URN; whatever is taken, our readers were promised."""
    assert load(KafkaSettings, environment={VARIABLE: given}).source == given
    assert re.match(HEADERS["properties"]["ce_source"]["pattern"], given)
    assert load(KafkaSettings, environment={}).source == OUR_SOURCE


@pytest.mark.parametrize("given", BAD)
def test_what_says_it_otherwise_is_refused_with_the_variable_and_how_it_must_be(given: str) -> None:
    """Before anything is written, and beside every other fault."""
    with pytest.raises(Refused) as caught:
        load(KafkaSettings, environment={VARIABLE: given, "KAFKA_REPLICATION": "0"})
    (other, told) = str(caught.value).splitlines()
    assert other.startswith("KAFKA_REPLICATION: ")
    assert told.startswith(f"{VARIABLE}: should be urn:nld:kvknr:")
    assert not given.strip() or f" {given.strip()} " not in told


@pytest.mark.parametrize("topic", [*OURS, outcome_topic("ijsselhof")], ids=lambda topic: topic.name)
def test_only_the_source_of_what_we_wrote_changes(topic: Topic) -> None:
    """Every other header stays in its place, the id with them."""
    given = cloudevents.event(
        topic, id=ids.NAMESPACE, time=AT, key="k", value=b"{}", traceparent="t", extra=[("n", b"")]
    )
    told = sent_by(OURSELVES.encode(), given.headers)
    assert dict(given.headers) == {**dict(told), "ce_source": OUR_SOURCE.encode()}
    assert dict(told)["ce_source"] == OURSELVES.encode()
    assert [name for name, _ in told] == [name for name, _ in given.headers]


def test_what_others_wrote_keeps_its_own() -> None:
    """A record of a tenant system that is redriven, one that has no source, and what went out under ours before."""
    theirs = [("ce_source", b"urn:x"), ("a", b""), ("b", b""), ("c", b"")]
    for headers in (theirs, [], theirs[1:], [theirs[1], theirs[2], theirs[3], theirs[0]]):
        assert sent_by(OURSELVES.encode(), headers) == headers
    once = sent_by(
        OURSELVES.encode(), cloudevents.event(SIGNALS, id=ids.NAMESPACE, time=AT, key=None, value=b"").headers
    )
    assert sent_by(b"urn:later", once) == once
