"""The manifests agree with each other, and give every pod no more than it needs."""

import re
from typing import Any, Final

import pytest

from services.processes import STAGES
from services.runtime.run import USUAL
from tests.unit.deploy.deployed import CLUSTER, DEPLOY, documents, loaded, of_kind, pods

API: Final = {
    "Namespace": "v1",
    "Service": "v1",
    "StatefulSet": "apps/v1",
    "CronJob": "batch/v1",
    "PodDisruptionBudget": "policy/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
}
MIGRATION_SECONDS: Final = 3600
every_pod = pytest.mark.parametrize("name", sorted(pods()))


def container_of(name: str) -> dict[str, Any]:
    """The pod's only container."""
    container: dict[str, Any] = pods()[name]["spec"]["containers"][0]
    return container


def chosen(policy: dict[str, Any]) -> set[str]:
    """The pods a policy is about, by name."""
    selector = policy["spec"]["podSelector"]
    labels = {name: pod["metadata"]["labels"] for name, pod in pods().items()}
    for label, value in selector.get("matchLabels", {}).items():
        labels = {name: held for name, held in labels.items() if held.get(label) == value}
    for rule in selector.get("matchExpressions", []):
        assert rule["operator"] == "In"
        labels = {name: held for name, held in labels.items() if held.get(rule["key"]) in rule["values"]}
    return set(labels)


def policy(name: str) -> dict[str, Any]:
    """The network policy of that name."""
    (found,) = (each for each in of_kind("NetworkPolicy") if each["metadata"]["name"] == name)
    return found


def test_every_object_is_of_a_kind_and_version_we_mean() -> None:
    """An apiVersion that does not go with its kind is refused by the cluster."""
    assert {(each["kind"], each["apiVersion"]) for each in documents()} == set(API.items())


def test_every_manifest_and_every_configuration_file_is_listed() -> None:
    """A file that is not listed would not be applied, and nobody would be told."""
    assert set(loaded(CLUSTER / "kustomization.yaml")["resources"]) == (
        {path.name for path in CLUSTER.glob("*.yaml")} - {"kustomization.yaml"}
    )
    listed = [file for each in loaded(DEPLOY / "kustomization.yaml")["configMapGenerator"] for file in each["files"]]
    assert sorted(listed) == sorted(str(path.relative_to(DEPLOY)) for path in (DEPLOY / "config").rglob("*.yaml"))


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_a_stage_its_service_and_its_budget_choose_the_same_pods(stage: str) -> None:
    """Selectors agree with the labels of the pod template, and with nobody else's."""
    labels = pods()[stage]["metadata"]["labels"]
    found = {each["kind"]: each["spec"] for each in documents() if each["metadata"]["name"] == stage}
    assert found["StatefulSet"]["selector"]["matchLabels"] == labels
    assert found["StatefulSet"]["serviceName"] == stage
    assert found["Service"]["selector"] == labels
    assert found["PodDisruptionBudget"]["selector"]["matchLabels"] == labels
    assert [name for name, pod in pods().items() if pod["metadata"]["labels"] == labels] == [stage]


@every_pod
def test_a_pod_may_do_nothing_it_does_not_need(name: str) -> None:
    """Not root, nothing writable but /tmp in memory, no capabilities, no API token, a memory limit."""
    spec, container = pods()[name]["spec"], container_of(name)
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"requests", "limits"} <= set(container["resources"])
    assert [each["mountPath"] for each in container["volumeMounts"] if not each.get("readOnly")] == ["/tmp"]  # noqa: S108  a volume in memory


@every_pod
def test_no_service_variable_of_kubernetes_can_pass_for_a_setting(name: str) -> None:
    """Kubernetes would add ROUTER_PORT and the like for every Service of the namespace."""
    assert pods()[name]["spec"]["enableServiceLinks"] is False


@every_pod
def test_every_mount_has_its_volume_and_every_volume_is_mounted(name: str) -> None:
    """A name that differs is refused by the cluster."""
    mounts = {each["name"] for each in container_of(name)["volumeMounts"]}
    assert mounts == {each["name"] for each in pods()[name]["spec"]["volumes"]}


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_probes_ask_health_and_leave_it_time(stage: str) -> None:
    """Slow starts and a service that still may come back are not killed; a stop may finish what is in hand."""
    spec, container = pods()[stage]["spec"], container_of(stage)
    startup, live, ready = (container[f"{kind}Probe"] for kind in ("startup", "liveness", "readiness"))
    assert (startup["httpGet"], live["httpGet"]) == ({"path": "/livez", "port": "health"},) * 2
    assert ready["httpGet"] == {"path": "/readyz", "port": "health"}
    assert startup["periodSeconds"] * startup["failureThreshold"] > MIGRATION_SECONDS
    assert live["periodSeconds"] * live["failureThreshold"] > USUAL.patience
    assert spec["terminationGracePeriodSeconds"] > 2 * USUAL.stop  # the stage, and its health server
    annotations = pods()[stage]["metadata"]["annotations"]
    assert [{"name": "health", "containerPort": int(annotations["prometheus.io/port"])}] == container["ports"]


def referred() -> set[tuple[str, str, str]]:
    """Every ConfigMap and Secret that a pod asks for: kind, name, key; no key for a whole volume."""
    found: set[tuple[str, str, str]] = set()
    for pod in pods().values():
        for each in pod["spec"]["containers"][0]["env"]:
            for kind, source in each.get("valueFrom", {}).items():
                if kind in {"configMapKeyRef", "secretKeyRef"}:
                    found.add((kind.removesuffix("KeyRef").lower(), source["name"], source["key"]))
        for volume in pod["spec"]["volumes"]:
            if secret := volume.get("secret"):
                found |= {("secret", secret["secretName"], item["key"]) for item in secret.get("items", [{"key": ""}])}
            if config := volume.get("configMap"):
                found.add(("configmap", config["name"], ""))
    return found


def made() -> set[tuple[str, str, str]]:
    """Those that are generated, and those the operator is told to make."""
    text = (DEPLOY / "README.md").read_text().replace("\\\n", "")
    told = [
        (kind, name, key)
        for kind, name, rest in re.findall(r"create (configmap|secret)(?: generic)? (seinpaal-[a-z-]+)(.*)", text)
        for key in ["", *re.findall(r"--from-(?:literal|file)=([a-z.-]+)=", rest)]
    ]
    generated = loaded(DEPLOY / "kustomization.yaml")["configMapGenerator"]
    return {*told, *(("configmap", each["name"], "") for each in generated)}


def test_every_reference_is_made_somewhere() -> None:
    """A pod that asks for what nobody makes would wait for ever."""
    assert referred() <= made()


def test_the_key_encryption_key_is_mounted_where_it_is_used_only() -> None:
    """No other pod names the keyring's Secret at all."""
    assert {name for name, pod in pods().items() if "seinpaal-keyring" in repr(pod)} == {"ingest", "notify"}


def test_nobody_talks_to_anybody_unless_said_so() -> None:
    """Everything is forbidden to every pod, in and out; each other policy only adds."""
    assert policy("nothing")["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_the_ways_out_are_those_of_each_stage() -> None:
    """Only the holders of keys reach the keyring's database, and only notify leaves the cluster."""
    assert chosen(policy("keyring")) == {"ingest", "notify"}
    assert chosen(policy("partners")) == {"notify"}
    assert chosen(policy("database")) == {"router", "notify", "audit", "console", "reconcile"}
    assert chosen(policy("kafka")) == set(pods())
    outside = [each for each in of_kind("NetworkPolicy") if "ipBlock" in repr(each)]
    assert [each["metadata"]["name"] for each in outside] == ["partners"]
