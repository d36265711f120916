"""What is in deploy/, read: processes of the compose file and of the cluster in one shape, tables, alerts, queries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

DEPLOY: Final = Path(__file__).parents[3] / "deploy"
CLUSTER: Final = DEPLOY / "kubernetes"


@dataclass(frozen=True)
class Process:
    """One process of ours: how it is started, and with which variables. None: the value comes from a reference."""

    where: str
    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str | None]
    image: str


@cache
def loaded(path: Path) -> Any:
    """The one document of a YAML file."""
    return yaml.safe_load(path.read_text())


@cache
def documents() -> tuple[dict[str, Any], ...]:
    """Every object of every manifest."""
    paths = [path for path in sorted(CLUSTER.glob("*.yaml")) if path.name != "kustomization.yaml"]
    return tuple(each for path in paths for each in yaml.safe_load_all(path.read_text()))


def of_kind(kind: str) -> list[dict[str, Any]]:
    """The objects of one kind."""
    return [each for each in documents() if each["kind"] == kind]


def pods() -> dict[str, dict[str, Any]]:
    """The pod templates, by the name of what makes them."""
    made = {each["metadata"]["name"]: each["spec"]["template"] for each in of_kind("StatefulSet")}
    jobs = {each["metadata"]["name"]: each["spec"]["jobTemplate"]["spec"]["template"] for each in of_kind("CronJob")}
    return made | jobs


def on_cluster() -> Iterator[Process]:
    """The containers of the manifests."""
    for name, pod in pods().items():
        (container,) = pod["spec"]["containers"]
        environment = {each["name"]: each.get("value") for each in container["env"]}
        yield Process("kubernetes", name, tuple(container["args"]), environment, container["image"])


def compose() -> dict[str, Any]:
    """The compose file, its anchors resolved."""
    read: dict[str, Any] = loaded(DEPLOY / "compose.yaml")
    return read


def on_one_host() -> Iterator[Process]:
    """Those services of the compose file that run our image."""
    for name, service in compose()["services"].items():
        if service["image"].startswith("seinpaal:"):
            environment = {key: None if "$" in value else value for key, value in service["environment"].items()}
            yield Process("compose", name, tuple(service["command"]), environment, service["image"])


def processes() -> list[Process]:
    """All of them."""
    return [*on_one_host(), *on_cluster()]


def table(name: str) -> list[list[str]]:
    """The rows of a table in deploy/kafka."""
    lines = (DEPLOY / "kafka" / name).read_text().splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def alerts() -> list[dict[str, Any]]:
    """Every alert."""
    return [rule for group in loaded(DEPLOY / "alerts" / "seinpaal.yaml")["groups"] for rule in group["rules"]]
