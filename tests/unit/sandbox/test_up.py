"""What `seinpaal up` says when a broker that was named has been read by others."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from services.runtime.errors import Refused
from services.runtime.first_start import HasRead
from services.runtime.service import Health
from services.runtime.settings import KafkaSettings
from services.sandbox.state import State
from services.sandbox.up import _another_broker, _used_elsewhere, up
from services.sandbox.view import View
from services.sandbox.world import Options, World

KAFKA = KafkaSettings(bootstrap="kafka.example:9092")


class HasReadBefore:
    """A stage whose databases are elsewhere."""

    name = "notify"

    async def start(self) -> None:
        """As `start_with` refuses."""
        raise HasRead("NOTIFY_DATABASE_URL (/there/notify.db)", KAFKA, ["notify", "notify-commands"])

    async def stop(self) -> None:
        """It opened nothing."""

    def healthy(self) -> Health:
        """Not started."""
        return Health(alive=True, ready=False)


@pytest.mark.parametrize(
    ("database", "again"),
    [
        (None, "seinpaal up --state FOLDER --kafka "),
        (
            "postgresql://u:geheim@db/sandbox",
            "seinpaal up --state FOLDER --database ADDRESS --kafka ",
        ),
    ],
)
async def test_another_folder_at_the_same_broker_is_told_which_command_goes_on_and_which_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str | None, again: str
) -> None:
    """Nobody set NOTIFY_DATABASE_URL, so nobody is told to correct it, and no consumer group is to be deleted."""

    async def prepared(_: World) -> None:
        """Nothing is brought."""

    async def services(_: World) -> list[HasReadBefore]:
        return [HasReadBefore()]

    monkeypatch.setattr(World, "prepare", prepared)
    monkeypatch.setattr(World, "services", services)
    state = State(tmp_path / "new")
    state.make()
    options = Options(state, kafka=KAFKA, database=database, port=0)
    with pytest.raises(Refused) as refused:
        await up(options, View(Console(file=io.StringIO())), until_done=False)
    said = str(refused.value)
    assert "the broker at kafka.example:9092 was read before" in said
    assert f"{again}kafka.example:9092. To begin anew, leave out --kafka" in said
    assert f"seinpaal up --state {tmp_path / 'new'}. " in said
    assert not any(word in said for word in ("NOTIFY_DATABASE_URL", "--delete", "geheim"))


def test_a_folder_whose_databases_are_gone_is_told_so(tmp_path: Path) -> None:
    """Its broker is its own, so nobody is asked to name another, or to leave one out."""
    folder = tmp_path / "old"
    said = _used_elsewhere(Options(State(folder)))  # what a refusal says
    assert said.nl.startswith(f"de broker van {folder} is eerder gelezen, en databases die wisten")
    assert said.en.endswith("put them back, or begin anew with --fresh, which empties that folder")
    assert "--kafka" not in said.en + said.nl


def test_a_broker_that_lost_what_the_databases_know_of_is_told_apart_from_another_one() -> None:
    """Of its own a folder is put back or emptied; of a broker that was named, the one of that time is named."""
    own = _another_broker(Options(State(Path("old"))))
    assert own.en.startswith("the broker of old lost what it held")
    assert own.nl.endswith("zet de map kafka ervan terug, of begin opnieuw met --fresh, dat alles leegmaakt")
    named = _another_broker(Options(State(Path("old")), kafka=KAFKA))
    assert "the broker at kafka.example:9092 is another one than old has databases of" in named.en
    assert "--fresh" not in named.en + named.nl


def test_a_service_names_the_whole_command_that_begins_anew() -> None:
    """With the broker and every group, to be typed as it stands."""
    said = str(HasRead("NOTIFY_DATABASE_URL (x)", KAFKA, ["notify", "notify-commands"]))
    assert said.endswith(
        "kafka-consumer-groups.sh --bootstrap-server kafka.example:9092 --delete --group notify --group notify-commands"
    )
