"""The tables for Kafka are those of the code, and let nobody do more than it needs."""

from typing import Final

from schemas.topics import OURS, outcome_topic, source_topic
from services.audit.settings import AuditSettings
from services.ingest.settings import IngestSettings
from services.notify.settings import NotifySettings
from services.processes import STAGES
from services.router.settings import RouterSettings
from tests.unit.deploy.deployed import DEPLOY, compose, on_cluster, table

OF_CORPORATIONS: Final = ("source.", "outcomes.")
GROUPS: Final = {
    IngestSettings.model_fields["group"].default: "ingest",
    f"{IngestSettings.model_fields['group'].default}-commands": "ingest",
    RouterSettings.model_fields["group"].default: "router",
    f"{RouterSettings.model_fields['group'].default}-commands": "router",
    NotifySettings.model_fields["group"].default: "notify",
    f"{NotifySettings.model_fields['group'].default}-commands": "notify",
    AuditSettings.model_fields["group"].default: "audit",
}


def who(operation: str, resource: str, name: str) -> set[str]:
    """The principals that may."""
    return {
        principal.removeprefix("User:seinpaal-")
        for principal, allowed, kind, pattern, how in table("acls.tsv")
        if (allowed, kind) == (operation, resource)
        and (pattern == name if how == "literal" else name.startswith(pattern))
        and not principal.startswith("User:corporation-")
    }


def test_every_topic_is_made_as_the_code_would_make_it() -> None:
    """Name, partitions and settings are the same in both places."""
    ours = (*OURS, source_topic("CORPORATION.NAME"), outcome_topic("CORPORATION"))
    told = {
        name: (int(count), dict(each.split("=") for each in rest.split(",")))
        for name, count, rest in table("topics.tsv")
    }
    assert told == {topic.name: (topic.partitions, topic.configs()) for topic in ours}


def test_every_rule_is_about_a_topic_or_a_group_there_is() -> None:
    """A rule about anything else would protect nothing, and miss what it means."""
    names = {topic for topic, *_ in table("topics.tsv")}
    for _, _, kind, name, how in table("acls.tsv"):
        if kind == "group":
            assert name in GROUPS or (name, how) == ("CORPORATION.", "prefixed")
        elif how == "prefixed":
            assert name.startswith(OF_CORPORATIONS)
        else:
            assert name in names


def test_every_stage_may_read_with_its_own_groups_and_no_other() -> None:
    """Whoever joins another one's group takes its records away."""
    assert {group: who("Read", "group", group) for group in GROUPS} == {group: {own} for group, own in GROUPS.items()}


def test_who_reads_and_writes_what() -> None:
    """The flow, and ingest as the one that redrives: each topic with all that may write to it and read from it."""
    everybody = {"ingest", "router", "notify", "audit"}
    flow = {
        "source.x.y": (set(), {"ingest", "reconcile"}),
        "signals.v1": ({"ingest"}, {"router", "reconcile", "ingest"}),
        "referrals.v1": ({"router", "ingest"}, {"notify", "reconcile", "ingest"}),
        "audit.v1": (everybody, {"audit"}),
        "parked.v1": (everybody, {"console"}),
        "commands.v1": ({"console"}, {"ingest", "router", "notify", "reconcile"}),
        "outcomes.x": ({"notify"}, set()),
    }
    assert {topic: (who("Write", "topic", topic), who("Read", "topic", topic)) for topic in flow} == flow


def test_the_console_sees_how_far_the_stages_are_and_reads_no_record_of_theirs() -> None:
    """What it needs to tell whether a record holds up its partition; names and addresses stand in those topics."""
    read_by = {"source.x.y": "ingest", "signals.v1": "router", "referrals.v1": "notify"}
    for topic, stage in read_by.items():
        assert "console" in who("Describe", "topic", topic) - who("Read", "topic", topic)
        for group in (stage, f"{stage}-commands"):
            assert "console" in who("Describe", "group", group)


def test_a_corporation_reaches_its_own_topics_only() -> None:
    """Its id is in every name it may use, and the dot after it keeps it from longer ids."""
    rules = [row for row in table("acls.tsv") if row[0].startswith("User:corporation-")]
    assert {(operation, kind, name, how) for _, operation, kind, name, how in rules} == {
        ("Write", "topic", "source.CORPORATION.", "prefixed"),
        ("Read", "topic", "outcomes.CORPORATION", "literal"),
        ("Read", "group", "CORPORATION.", "prefixed"),
    }


def test_every_process_signs_in_as_a_principal_of_its_own() -> None:
    """The user in the manifest is the one the rules are about."""
    assert {process.name: process.environment["KAFKA_USERNAME"] for process in on_cluster()} == {
        name: f"seinpaal-{name}" for name in (*STAGES, "reconcile")
    }
    assert {row[0] for row in table("acls.tsv")} == {
        "User:corporation-CORPORATION",
        *(f"User:seinpaal-{name}" for name in (*STAGES, "reconcile")),
    }


def test_an_acknowledged_record_outlives_a_broker() -> None:
    """Three replicas, two of them needed, and none that lags ever leads."""
    lines = (DEPLOY / "kafka" / "broker.properties").read_text().splitlines()
    told = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert told["default.replication.factor"] == told["offsets.topic.replication.factor"] == "3"
    assert told["min.insync.replicas"] == "2"
    assert told["unclean.leader.election.enable"] == told["auto.create.topics.enable"] == "false"
    assert told["allow.everyone.if.no.acl.found"] == "false"
    assert all(process.environment.get("KAFKA_REPLICATION", "3") == "3" for process in on_cluster())


def test_on_one_host_too_keys_are_reached_by_their_holders_only() -> None:
    """Nobody else is on the keyring's network or given the key, and only notify's leads out to partners."""
    services = compose()["services"]
    on = {
        network: {name for name, service in services.items() if network in service["networks"]}
        for network in compose()["networks"]
    }
    assert on["keyring"] == {"ingest", "notify", "keyring-db"}
    assert on["partners"] == {"notify"}
    assert {name for name, service in services.items() if "secrets" in service} == {"ingest", "notify"}
    leads_out = {name for name, network in compose()["networks"].items() if not network.get("internal")}
    assert leads_out == {"partners", "console"}


def test_on_one_host_nothing_has_a_default_password_and_nothing_is_published_to_others() -> None:
    """Every password is asked for once with `:?`, every image has a version, the page is on the loopback."""
    text = (DEPLOY / "compose.yaml").read_text()
    services = compose()["services"]
    for name in ("POSTGRES", "ROUTER", "NOTIFY", "AUDIT", "CONSOLE", "KEYRING"):
        assert f"${{{name}_PASSWORD:?" in text
        assert f"${{{name}_PASSWORD:-" not in text
    assert all(service["image"].partition(":")[2] not in {"", "latest"} for service in services.values())
    published = [port for service in services.values() for port in service.get("ports", ())]
    assert published == ["127.0.0.1:8470:8470"]
