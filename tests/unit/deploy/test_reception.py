"""The way in for partners, which stands beside the manifests and the compose file."""

from collections.abc import Mapping
from typing import Any, Final

import yaml

from services.notify.settings import NotifySettings
from services.runtime.settings_check import load, variable
from tests.unit.deploy.deployed import CLUSTER, DEPLOY, compose, loaded, pods
from tests.unit.deploy.test_cluster import made

RECEPTION: Final = CLUSTER / "reception"


def objects() -> dict[str, dict[str, Any]]:
    """What it adds, by kind and name."""
    read = yaml.safe_load_all((RECEPTION / "reception.yaml").read_text())
    return {f"{each['kind']} {each['metadata']['name']}": each for each in read}


def patched() -> dict[str, Any]:
    """What it adds to notify's pods."""
    spec: dict[str, Any] = loaded(RECEPTION / "notify.yaml")["spec"]["template"]["spec"]
    return spec


def on_the_cluster() -> dict[str, str]:
    """The variables there; an address for the one from a ConfigMap."""
    given = {
        each["name"]: each.get("value", "https://reception.example/") for each in patched()["containers"][0]["env"]
    }
    assert given.keys() <= {variable(NotifySettings, field) for field in NotifySettings.model_fields}
    return given


def listens(given: Mapping[str, str]) -> tuple[int, str | None]:
    """The port it listens on with TLS, and how partners write its address."""
    settings = load(NotifySettings, environment=given)
    assert settings.listens is not None
    assert settings.listens.certificate is not None
    return settings.listens.port, settings.reached_at


def test_both_ways_in_listen_with_tls_at_an_address_that_partners_are_told() -> None:
    """Every variable is a setting of notify, and on one host they are those of the cluster."""
    here = loaded(DEPLOY / "compose.reception.yaml")["services"]["notify"]["environment"]
    assert here.keys() == on_the_cluster().keys()
    assert listens(on_the_cluster()) == (8443, "https://reception.example/")
    assert listens({**here, "NOTIFY_PUBLIC_URL": "https://reception.example/"}) == (8443, "https://reception.example/")


def test_what_the_way_in_leads_to_is_notify_alone() -> None:
    """Services and policy choose its pods, lead to ports that its container has, and the trial's to one pod."""
    labels = pods()["notify"]["metadata"]["labels"]
    assert objects()["Service reception"]["spec"]["selector"] == labels
    assert objects()["NetworkPolicy reception"]["spec"]["podSelector"] == {"matchLabels": labels}
    assert objects()["Service reception-trial"]["spec"]["selector"]["statefulset.kubernetes.io/pod-name"] == "notify-0"
    ports = {each["name"]: each["containerPort"] for each in patched()["containers"][0]["ports"]}
    led = {each["spec"]["ports"][0]["targetPort"] for name, each in objects().items() if name.startswith("Service")}
    assert led == set(ports)
    let_in = objects()["NetworkPolicy reception"]["spec"]["ingress"][0]["ports"]
    assert {each["port"] for each in let_in} == set(ports.values())


def test_what_the_way_in_refers_to_is_made_by_the_operator() -> None:
    """Its certificate, key and address stand in no file here, and README.md says how to make them."""
    wanted = {("secret", "seinpaal-reception", key) for key in ("tls.crt", "tls.key")}
    assert {("configmap", "seinpaal-reception", "public-url"), *wanted} <= made()
    [volume] = patched()["volumes"]
    assert volume["secret"]["secretName"] == "seinpaal-reception"


def test_nobody_outside_reaches_us_before_that_is_asked_for() -> None:
    """It is no part of what is applied or composed by itself."""
    assert "components" not in loaded(DEPLOY / "kustomization.yaml")
    assert "NOTIFY_LISTEN" not in compose()["services"]["notify"]["environment"]
    assert loaded(RECEPTION / "kustomization.yaml")["kind"] == "Component"
