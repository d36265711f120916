"""What needs a container engine or a cluster is held against that one's own schema: a misspelt word is found here."""

from copy import deepcopy
from typing import Any, Final

import kubernetes_validate
import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema import ValidationError
from jsonschema.validators import validator_for

from tests.unit.deploy.deployed import CLUSTER, DEPLOY, documents, loaded

COMPOSE: Final = sorted(DEPLOY.glob("compose*.yaml"))
RECEPTION: Final = CLUSTER / "reception" / "reception.yaml"
OBJECTS: Final = (*documents(), *yaml.safe_load_all(RECEPTION.read_text()))
"""Every whole object; a patch is none, and is judged by what it makes of one."""

CLUSTERS: Final = ("1.31", kubernetes_validate.latest_version())
"""The oldest that we say it runs on, and the newest there is."""


def faults(compose: Any) -> list[str]:
    """What the compose specification has against it."""
    schema = get_builtin_schema("vendor.compose-spec")
    return [error.message for error in validator_for(schema)(schema).iter_errors(compose)]


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_a_compose_file_is_one(path: Any) -> None:
    """By the compose specification."""
    assert faults(loaded(path)) == []


@pytest.mark.parametrize("cluster", CLUSTERS)
@pytest.mark.parametrize("manifest", OBJECTS, ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_a_manifest_is_one(manifest: dict[str, Any], cluster: str) -> None:
    """By Kubernetes' own schema of it, which leaves no room for a word that it does not know."""
    kubernetes_validate.validate(manifest, cluster, strict=True)


def test_a_misspelt_word_is_found() -> None:
    """In a service of the compose file, and in a pod's container."""
    compose = deepcopy(loaded(DEPLOY / "compose.yaml"))
    compose["services"]["ingest"]["depend_on"] = ["kafka"]
    assert any("depend_on" in fault for fault in faults(compose))
    (stateful, *_) = (deepcopy(one) for one in OBJECTS if one["kind"] == "StatefulSet")
    stateful["spec"]["template"]["spec"]["containers"][0]["readinesProbe"] = {}
    with pytest.raises(ValidationError, match="readinesProbe"):
        kubernetes_validate.validate(stateful, CLUSTERS[-1], strict=True)
