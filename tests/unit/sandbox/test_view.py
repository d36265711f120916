"""What `seinpaal up` shows while it runs: where everything is, the stages, and at the end what is wrong."""

from collections import Counter
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from schemas.audit import Fact
from schemas.codes import Stage
from schemas.words import Language
from services.audit.findings import Doubled
from services.audit.tally import Tally
from services.sandbox import commands
from services.sandbox import up_words as words
from services.sandbox.plan import Emission
from services.sandbox.verdict import judge
from services.sandbox.view import View, flow
from tests.chaos.test_verdicts import BALANCED, DELIVERED

ADDRESSES = {
    "Livepagina": "http://127.0.0.1:8470/",
    "Kafka": "127.0.0.1:26527 (een eigen; --kafka neemt een andere)",
    "Partners bereiken": "http://127.0.0.1:22368/fhir",
    "Metingen": "http://127.0.0.1:35275/metrics",
    "Bestanden": ".state/",
    "Opdrachten": ". .state/environment; seinpaal watch",
}
EIGHTY = 80


def test_addresses_stand_in_one_column() -> None:
    """However long a label is; where nobody looks there is one a line."""
    written = StringIO()
    View(Console(file=written, width=EIGHTY)).open(ADDRESSES)
    lines = written.getvalue().splitlines()
    begins = {line.index(address) for line, address in zip(lines, ADDRESSES.values(), strict=True)}
    assert begins == {len("Partners bereiken ")}


def test_in_a_terminal_no_address_is_broken_and_no_label_stands_apart() -> None:
    """Two in a line where it has room; so none is cut off, and the stream gives its rows up for them."""
    written = StringIO()
    view = View(Console(file=written, width=EIGHTY, height=24, force_terminal=True, color_system=None), language="nl")
    view.open(ADDRESSES)
    lines = [line.plain for line in view._where()]  # noqa: SLF001  what stands above the stages
    assert max(map(len, lines)) <= EIGHTY
    assert all(any(f"{name} {address}" in line for line in lines) for name, address in ADDRESSES.items())
    assert len(lines) - 1 < len(ADDRESSES)
    with view:
        view._show()  # noqa: SLF001  a look
    assert "Ctrl-C stopt" in written.getvalue()


@pytest.mark.parametrize(("language", "head"), [("en", "corporations"), ("nl", "corporaties")])
def test_the_stages_are_told_in_the_readers_language(language: Language, head: str) -> None:
    """Their names as in the stream below them, whole in eighty columns."""
    written = StringIO()
    emitted: Counter[Emission] = Counter({Emission.SIGNAL: 12345})
    tally = Tally()
    tally.facts.update({(Stage.ROUTER, fact): 999 for fact in Fact})
    Console(file=written, width=EIGHTY).print(flow(tally, emitted, language))
    told = written.getvalue()
    texts = [
        each.in_(language) for each in (words.EVENTS, words.IGNORED, words.DECIDED, words.UNDERWAY, words.ATTEMPTS)
    ]
    assert head in told
    assert all(text in told for text in texts)
    assert "…" not in told
    assert ("Aannemen" in told, "Ingest" in told) == (language == "nl", language == "en")


def test_what_is_wrong_at_the_end_is_a_sentence_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program gets the finding itself."""
    found = (Doubled("signals.v1", 0, 5, 2), *(Doubled("signals.v1", 1, offset, 2) for offset in range(11)))
    verdict = judge(replace(BALANCED, found=found), [DELIVERED], {}, {})
    written = StringIO()
    monkeypatch.setattr(commands, "Console", lambda **given: Console(file=written, width=EIGHTY, **given))
    commands._tell(verdict, "nl")  # noqa: SLF001  what `up` ends with
    told = written.getvalue().splitlines()
    assert "✗ de boeken kloppen niet: signals.v1/0: offset 5 is 2 keer verantwoord" in told
    assert "✗ en nog 2" in told
    assert f"✗ als bezorgd gemeld, maar geen partner heeft het: {DELIVERED.referral}" in told
    assert not any(line != line.rstrip() for line in told)
    assert any("Doubled(topic='signals.v1', partition=0, offset=5" in fault for fault in verdict.faults)
