"""What `seinpaal sources` tells people of a sample, in both languages."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
from rich.console import Console
from typer.testing import CliRunner

from schemas import code_words
from schemas.signal import Facts, Particulars
from schemas.words import Language
from services.ingest import check_words, commands
from services.ingest.check_table import fix, tabled
from services.ingest.configuration import read_configuration
from services.ingest.telling import Told, found_in
from services.ingest.trying import tried
from services.runtime.errors import Refused
from tests.languages import catalogue, english_in, unlike
from tests.unit.ingest.samples import a_signalering
from tests.unit.ingest.test_configuration import CONFIG

AT: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCES: Final = CONFIG / "sources.yaml"
TEXTS: Final = catalogue(check_words, code_words)
FACTS: Final = {
    "kind": "noise.violence",
    "urgency": "acute",
    "country": "NL",
    "observed_at": "2026-03-02T21:40:00Z",
    "changed_at": "2026-03-02T21:40:00.123456+00:00",
    "violence": ["physical", "stalking"],
    "children": "unknown",
    "secret_address": True,
}
FOUND: Final = {"dwelling": True, "area": False}
FATES: Final = (
    Told(1, "signal", FACTS, ("2 people", *check_words.PARTICULARS), removed=2, found=FOUND),
    Told(2, "withdrawal", FACTS, ("1 person",), fix=check_words.ONLY_TOLD.en, found={"dwelling": False, "area": True}),
    *(Told(3, "ignored", {}, (), reason, fix=means.en) for reason, means in check_words.BECAUSE.items()),
    Told(4, "unreadable", {}, (), "unmapped-code", "soort", "map this code. Did you mean damage.door?"),
)


def printed(language: Language, width: int = 80) -> str:
    """Every fate there is, on a terminal of that width."""
    written = StringIO()
    Console(file=written, width=width).print(tabled(FATES, "ijsselhof-zaken", language))
    return written.getvalue()


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """With a place for the same values in each."""
    assert unlike(TEXTS[name])


def test_a_reader_of_dutch_meets_no_english_word() -> None:
    """Whatever became of an event; codes stand in brackets behind their words, names of settings in backticks."""
    assert english_in(printed("nl"), TEXTS) == set()
    assert {"withdrawal", "address", "emptied"} <= english_in(printed("en"), TEXTS)


def test_every_fact_and_every_particular_that_is_told_has_a_name_in_dutch() -> None:
    """Exhaustive over the models: what is added without a word fails here."""
    told = dict.fromkeys(Facts.model_fields.keys() - {"household"}, "x")
    said = printed_facts(told)
    assert len(said) == len(told)
    assert [line for line in said if line.partition(":")[0] in told.keys() - {"test", "area"}] == []
    every: dict[str, Any] = {name: object() for name in Particulars.model_fields} | {"people": None}
    plain = Particulars.model_construct(**every)
    assert {*found_in(plain)} <= check_words.PARTICULARS.keys()


def test_a_file_without_sources_is_told_as_that(tmp_path: Path) -> None:
    """A head without rows looks like a fault of ours."""
    (tmp_path / "areas").symlink_to(CONFIG / "areas")
    (tmp_path / "sources.yaml").write_text("corporations: []\n", encoding="utf-8")
    result = CliRunner().invoke(commands.app, ["list", str(tmp_path / "sources.yaml"), "--lang", "nl"])
    assert (result.exit_code, result.output) == (
        0,
        "er staat nog geen bron in: zet er een onder `sources` van een corporatie\n",
    )


def test_a_code_of_theirs_stays_as_they_write_it_and_a_yes_is_a_yes() -> None:
    """Also where ours is called so, and in English; a name stands above its table and not somewhere in its middle."""
    assert "code van het primaire systeem: threat" in printed_facts({"origin_code": "threat"})
    written = StringIO()
    fate = Told(1, "signal", {"kind": "threat", "weapon": True}, ())
    Console(file=written, width=200).print(tabled([fate], "ijsselhof-zaken", "en"))
    assert "weapon: yes" in written.getvalue()
    assert written.getvalue().startswith("ijsselhof-zaken")


def printed_facts(facts: dict[str, str]) -> list[str]:
    """A line each, in Dutch."""
    moments = dict.fromkeys(facts.keys() & {"observed_at"}, "2026-03-02T21:40:00Z")
    written = StringIO()
    fate = Told(1, "signal", facts | moments, ())
    Console(file=written, width=200).print(tabled([fate], "x", "nl"))
    return [line.removeprefix("1 signaal").strip() for line in written.getvalue().splitlines()[2:]]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_sample_fits_eighty_columns(language: Language) -> None:
    """No code, name or time is broken."""
    said = printed(language)
    for whole in ("noise.violence", "2026-03-02", "21:40:00Z", "unmapped-code", "schema-change"):
        assert whole in said
    assert max(map(len, said.splitlines())) <= 80


def test_what_was_meant_is_named_in_dutch_too() -> None:
    """And a reason of a later version keeps what its stage said."""
    assert fix(FATES[-1], "nl").endswith("Bedoelt u damage.door?")
    assert fix(Told(1, "unreadable", {}, (), "quite-new", fix="turn it over"), "nl") == "turn it over"


def test_who_names_a_source_or_sample_that_is_not_there_is_told_so_in_dutch(tmp_path: Path) -> None:
    """With the name that was meant, or those there are."""
    configuration = read_configuration(SOURCES)
    for typed, part in (("ijselhof-zaken", "Bedoelt u ijsselhof-zaken"), ("zzz", "Kies uit ijsselhof")):
        with pytest.raises(Refused, match=part) as refused:
            tried(configuration, typed, b"{}", AT, "nl")
        assert not english_in(str(refused.value), TEXTS)
    arguments = ["check", str(SOURCES), "--source", "x", "--sample", str(tmp_path / "no"), "--lang", "nl"]
    raised = CliRunner().invoke(commands.app, arguments).exception
    assert isinstance(raised, Refused)
    assert raised.said("nl").endswith("/no: niet te lezen (dat bestand is er niet). Controleer de naam")


def test_the_locale_chooses_as_the_option_does_and_programs_get_the_same(tmp_path: Path) -> None:
    """`--json` has machine keys and the stage's own words in every language."""
    sample = tmp_path / "sample"
    sample.write_bytes(orjson.dumps(a_signalering(soort={"code": "Zeldzaam"})))
    typed = ["check", str(SOURCES), "--source", "ijsselhof-signaleringen", "--sample", str(sample)]
    dutch = CliRunner(env={"LC_ALL": "nl_NL.UTF-8"}).invoke(commands.app, typed).stdout
    assert "onleesbaar" in dutch
    assert CliRunner(env={"LC_ALL": "C"}).invoke(commands.app, [*typed, "--lang", "nl"]).stdout == dutch
    for_programs = [
        CliRunner(env={"LC_ALL": each}).invoke(commands.app, [*typed, "--json"]).stdout for each in ("C", "nl_NL.UTF-8")
    ]
    assert for_programs[0] == for_programs[1]
