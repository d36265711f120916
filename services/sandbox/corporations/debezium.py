"""A tenant database watched by Debezium, in the five ways people run it, and the records that are no signal."""

from collections.abc import Callable
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import orjson

from services.sandbox.corporations.incident import Incident

CODES: Final = (("OVE", "GEL"), ("AGR", "FYS"), ("ONB", None))
EPOCH_MICROSECONDS: Final = 1_000_000
Json = dict[str, Any]
Written = tuple[bytes, list[tuple[str, bytes]]]


def row(incident: Incident, *, withdrawn: bool = False) -> Json:
    """One row of the table `signalering`."""
    soort, detail = CODES[incident.number % len(CODES)]
    at = incident.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {
        "id": f"SIG-{incident.number}",
        "id_organisatie": "KvK-00000002",
        "id_administratie": "100",
        "soort": soort,
        "detail_soort": detail,
        "status": "VER" if withdrawn else "ACT",
        "begindatum": at,
        "einddatum": None,
        "adres": f"https://vastgoed.example.nl/v4/adressen/{incident.dwelling}",
        "relatie_id": f"REL-{incident.number}",
        "extra_attributen": orjson.dumps([{"naam": "melder", "waarde": incident.other}]).decode(),
        "toelichting": incident.narrative,
        "gewijzigd_op": at,
    }


def envelope(incident: Incident, op: str, *, withdrawn: bool = False) -> Json:
    """The plain envelope: op is c, u, d or r."""
    after = None if op == "d" else row(incident, withdrawn=withdrawn)
    before = {"id": f"SIG-{incident.number}", "id_organisatie": "", "soort": "", "gewijzigd_op": "1970-01-01T00:00:00Z"}
    return {
        "before": before if op == "d" else None,
        "after": after,
        "source": source(incident, snapshot=op == "r"),
        "transaction": None,
        "op": op,
        "ts_ms": int(incident.at.timestamp() * 1000),
    }


def source(incident: Incident, *, snapshot: bool) -> Json:
    """Where in the tenant database it comes from."""
    return {
        "version": "3.6.1.Final",
        "connector": "postgresql",
        "name": "tenant",
        "ts_ms": int(incident.at.timestamp() * 1000),
        "ts_us": int(incident.at.timestamp() * EPOCH_MICROSECONDS),
        "snapshot": "last" if snapshot else "false",
        "db": "tenant",
        "schema": "public",
        "table": "signalering",
        "txId": incident.number,
        "lsn": 26_000_000 + incident.number,
    }


def with_schema(incident: Incident, op: str, *, withdrawn: bool = False) -> Json:
    """The JSON converter with schemas on."""
    fields = [{"type": "string", "optional": True, "field": name} for name in row(incident)]
    parts = [{"type": "struct", "fields": fields, "optional": True, "field": name} for name in ("before", "after")]
    schema = {"type": "struct", "fields": parts, "optional": False, "name": "tenant.public.signalering.Envelope"}
    return {"schema": schema, "payload": envelope(incident, op, withdrawn=withdrawn)}


def unwrapped(incident: Incident, op: str, *, withdrawn: bool = False) -> Json:
    """ExtractNewRecordState with the operation added."""
    return {
        **row(incident, withdrawn=withdrawn),
        "__deleted": "false",
        "__op": op,
        "__source_ts_ms": int(incident.at.timestamp() * 1000),
        "__source_lsn": 26_000_000 + incident.number,
    }


def cloudevent(incident: Incident, op: str, *, withdrawn: bool = False) -> Json:
    """Debezium's CloudEvents converter: structured, without a content-type or any `ce_` header."""
    whole = envelope(incident, op, withdrawn=withdrawn)
    return {
        "id": f"name:tenant;lsn:{26_000_000 + incident.number};txId:{incident.number}",
        "source": "/debezium/postgresql/tenant",
        "specversion": "1.0",
        "type": "io.debezium.connector.postgresql.DataChangeEvent",
        "time": row(incident)["gewijzigd_op"],
        "datacontenttype": "application/json",
        "iodebeziumop": op,
        "iodebeziumtable": "signalering",
        "iodebeziumtsms": str(whole["ts_ms"]),
        "data": {"before": whole["before"], "after": whole["after"]},
    }


def outbox(incident: Incident, *, withdrawn: bool = False) -> Written:
    """The outbox router: the application's own event, here a VERA Signalering, with the id that the outbox gave it."""
    told = row(incident, withdrawn=withdrawn)
    signalering = {
        "id": told["id"],
        "idOrganisatie": told["id_organisatie"],
        "idAdministratie": told["id_administratie"],
        "soort": {"code": told["soort"]},
        "detailSoort": {"code": told["detail_soort"]} if told["detail_soort"] else None,
        "status": {"code": told["status"]},
        "begindatum": told["begindatum"],
        "gewijzigdOp": told["gewijzigd_op"],
        "adres": told["adres"],
        "extra-attributen": [{"naam": "toelichting", "waarde": told["toelichting"]}],
    }
    own = uuid5(NAMESPACE_URL, f"outbox/{incident.number}/{withdrawn}/{len(incident.narrative)}")
    what = "ingetrokken" if withdrawn else "gemeld"
    headers = [("id", str(own).encode()), ("eventType", f"nl.wonen.signalering.{what}.v1".encode())]
    return orjson.dumps(signalering), headers


def _of_row(way: Callable[..., Json]) -> Callable[..., Written]:
    def written(incident: Incident, *, withdrawn: bool = False) -> Written:
        """A row that was inserted, with no headers of its own."""
        return orjson.dumps(way(incident, "c", withdrawn=withdrawn)), []

    return written


WAYS: Final = (*map(_of_row, (envelope, with_schema, unwrapped, cloudevent)), outbox)
"""All five, of an insert."""
