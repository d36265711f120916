"""Two instances of one service that read different files are told apart, by the metric and by its alert."""

import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from prometheus_client.parser import text_string_to_metric_families

from services.keyring.wrap import KeyEncryptionKeys
from services.processes import STAGES
from services.runtime.metrics import Metrics
from tests.unit.deploy.deployed import DEPLOY, alerts

FILES = {"ingest": {"sources.yaml", "areas"}, "notify": {"sources.yaml", "partners.yaml"}}
CHANGED: dict[str, dict[str, Callable[[str], str]]] = {
    "nothing": {},
    "comments": dict.fromkeys(("sources.yaml", "partners.yaml"), lambda text: f"# another\n{text}\n# one"),
    "sources": {"sources.yaml": lambda text: text.replace("asked: [", "asked: [piket-ijsselhof-9, ", 1)},
    "partners": {"partners.yaml": lambda text: text.replace("0000 000001", "0000 000009", 1)},
}


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What must be there at a start; nothing is opened."""
    KeyEncryptionKeys.make(tmp_path / "kek", "kek-1")
    monkeypatch.setenv("KEYRING_KEK_FILE", str(tmp_path / "kek"))
    for name in re.findall(r"env:([A-Z_]+)", (DEPLOY / "config" / "partners.yaml").read_text()):
        monkeypatch.setenv(name, "whsec_" + b64encode(b"synthetisch geheim, 32 bytes ...").decode())


def hashes(service: str, folders: list[Path], monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """What Prometheus reads of a service that goes by each of these folders, by file."""
    found = defaultdict(set)
    for folder in folders:
        monkeypatch.setenv(f"{service.upper()}_CONFIG", str(folder))
        metrics = Metrics()
        STAGES[service](metrics)
        families = text_string_to_metric_families(metrics.text().decode())
        for sample in (each for family in families for each in family.samples if each.name == "seinpaal_config_info"):
            assert (sample.labels["service"], sample.value) == (service, 1)
            found[sample.labels["file"]].add(sample.labels["hash"])
    return found


@pytest.mark.parametrize("service", FILES)
@pytest.mark.parametrize("changed", CHANGED)
def test_other_content_has_another_hash(
    service: str, changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of that file alone; comments say nothing to a service."""
    other = copytree(DEPLOY / "config", tmp_path / "config")
    for name, change in CHANGED[changed].items():
        text = (other / name).read_text()
        (other / name).write_text(change(text))
        assert (other / name).read_text() != text
    found = hashes(service, [DEPLOY / "config", other], monkeypatch)
    assert set(found) == FILES[service]
    apart = {file for file, each in found.items() if len(each) > 1}
    assert apart == {f"{changed}.yaml"} & FILES[service]


def test_its_alert_counts_the_hashes_of_one_file_of_one_service() -> None:
    """Ingest and notify may each have a file of their own for a while; an old process's word is gone with it."""
    [alert] = [each for each in alerts() if each["alert"] == "SeinpaalConfigurationApart"]
    groups = re.findall(r"count by \(([^)]*)\)", alert["expr"])
    assert groups == ["service, file", "service, file, hash"]
    assert alert["expr"].endswith("(seinpaal_config_info == 1)) > 1")
    assert alert["for"] == "10m"
