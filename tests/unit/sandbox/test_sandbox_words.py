"""What `seinpaal sandbox` and `seinpaal up` say when something cannot be, in the reader's language."""

import re
from pathlib import Path
from typing import Final

import pytest

from services.cli import main
from services.runtime import log
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.sandbox import mischief_words, partner_words, refusal_words
from services.sandbox.given import check
from services.sandbox.partners.mischief import MISCHIEF, tricks
from services.sandbox.ports import free
from services.sandbox.standalone import PartnerKind, Standalone, Wishes
from tests.languages import catalogue, english_in, unlike

TEXTS: Final = catalogue(mischief_words, partner_words, refusal_words)
SAME: Final = {"partner_words.PIN", "partner_words.FACTS.pin"}
NOWHERE: Final = "http://127.0.0.1:9/mischief"


@pytest.mark.parametrize("name", sorted(TEXTS.keys() - SAME))
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """Each in its own words, with a place for the same values."""
    assert unlike(TEXTS[name])


def test_every_mischief_is_told_of() -> None:
    """And none that there is not."""
    assert mischief_words.ABOUT.keys() == MISCHIEF.keys()


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str]:
    """Its exit code, and what it says."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    return ended.value.code, "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["partner", "--kind", "fhir", "--misbehave", "nope"], 78, "geen wangedrag 'nope'. Er zijn: slow, "),
        (["partner", "--misbehave", "slow=x"], 78, "het getal hoort boven 0 te zijn. Schrijf slow=6"),
        (["partner", "--misbehave", "hang=3"], 78, "wangedrag hang heeft geen getal. Schrijf hang"),
        (["partner", "--misbehave", "changed-key"], 78, "geef ook --tls MAP"),
        (["partner", "--kind", "notified-pull"], 78, "geef dat met --access env:NAAM"),
        (["partner", "--reaches", NOWHERE], 78, "geef dat met --access env:NAAM"),
        (["partner", "--key", "whpk_x"], 78, "laat --key weg"),
        (["partner", "--kind", "webhook", "--key", "x"], 78, "zoals `seinpaal partner key` die toont"),
        (["mischief", "redirect"], 78, "geef met --control het adres dat hij toonde"),
        (["mischief", "redirekt", "--control", NOWHERE], 78, "geen wangedrag 'redirekt'"),
        (["mischief", "--control", "nope"], 78, "nope is geen adres"),
        (["mischief", "--control", NOWHERE], 75, "antwoordt geen partner (ClientConnectorError). Draait hij?"),
        (["mischief"], 0, "wacht N seconden voor elk antwoord"),
    ],
)
def test_a_partner_that_cannot_be_is_refused_in_dutch(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what to do instead, and not a word of English."""
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    monkeypatch.setattr(log, "configure", lambda **_: None)  # it is this process's, and other tests read it
    ended, written = told(capsys, "sandbox", *words)
    assert (ended, said in written) == (code, True), written
    named = re.compile("|".join(sorted(MISCHIEF, reverse=True)))
    assert not english_in(named.sub("", written), TEXTS)


async def test_a_port_that_is_taken_is_named_with_the_option_that_gives_another() -> None:
    """Its own, or that of its control."""
    facts_of: dict[str, str] = {}
    held = Standalone(Wishes(kind=PartnerKind.FHIR), facts_of.update)
    await held.start()
    try:
        taken, control = (int(re.findall(r":(\d+)", facts_of[name])[0]) for name in ("address", "control"))
        assert not free(taken)
        for wishes, said in (
            (Wishes(kind=PartnerKind.FHIR, port=taken), f"poort {taken} is bezet: geef een andere met --port;"),
            (
                Wishes(kind=PartnerKind.FHIR, control=control),
                f"poort {control} is bezet: geef een andere met --control;",
            ),
        ):
            partner = Standalone(wishes, facts_of.update)
            with pytest.raises(Refused) as refused:
                await partner.start()
            await partner.stop()
            assert refused.value.said("nl").startswith(said)
    finally:
        await held.stop()


def test_a_configuration_that_was_given_and_is_wrong_is_told_in_dutch(tmp_path: Path) -> None:
    """Each fault of each file, once."""
    (tmp_path / "sources.yaml").write_text("corporaties: []\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        check(tmp_path, now().date())
    lines = refused.value.said("nl").splitlines()
    assert any("corporations: ontbreekt. Voeg het toe" in line for line in lines)
    assert len(lines) == len(set(lines)) == len(str(refused.value).splitlines())
    with pytest.raises(Refused) as refused:
        check(tmp_path / "nowhere", now().date())
    assert refused.value.said("nl").endswith("geef met --config de map waar die wel in staat")


def test_a_mischief_says_no_in_both_languages() -> None:
    """A program that uses the control gets it in English, as before."""
    with pytest.raises(Refused, match="no misbehaviour 'nope'"):
        tricks(["nope"], now)
