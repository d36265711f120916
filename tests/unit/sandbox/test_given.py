"""What `seinpaal up` is given is checked before anything starts."""

import shutil
from pathlib import Path

import pytest

from schemas.words import Words
from services.runtime.errors import Refused
from services.sandbox.configuration import SHIPPED
from services.sandbox.state import State
from services.sandbox.world import Options, World


async def test_faults_are_told_by_the_files_that_were_given_and_nothing_has_started(tmp_path: Path) -> None:
    """Of sources, partners and rules at once; a copy in the sandbox's folder is nobody's to correct."""
    given, state = tmp_path / "given", State(tmp_path / "state")
    shutil.copytree(SHIPPED, given)
    for name, right, wrong in (
        ("sources", "kind: noise.violence", "kind: x"),
        ("partners", "country: NL", "country: XX"),
    ):
        path = given / f"{name}.yaml"
        path.write_text(path.read_text().replace(right, wrong))
    state.make()
    steps: list[Words] = []
    with pytest.raises(Refused) as raised:
        await World(Options(state, config=given, port=0, on_step=steps.append)).prepare()
    told = str(raised.value)
    assert f"{given}/sources.yaml:" in told
    assert f"{given}/partners.yaml:" in told
    assert str(state.folder) not in told
    assert steps == []
    assert not state.config.exists()


async def test_a_folder_without_sources_is_told_by_its_name(tmp_path: Path) -> None:
    """Most often it is a folder above or below."""
    state = State(tmp_path / "state")
    state.make()
    with pytest.raises(Refused, match=r"holds no sources.yaml: give the folder that does with --config"):
        await World(Options(state, config=tmp_path, port=0)).prepare()
