"""REPORTS: a replay report as a file, and the digest an approval rests on."""

import re
from pathlib import Path
from typing import Any

import orjson

from schemas.message import Malformed
from services.router.report import Report
from services.runtime.errors import Refused


def written(report: Report) -> bytes:
    """As a file, with its digest beside it."""
    plain = {"digest": report.digest, "report": report.model_dump(mode="json", exclude_none=True)}
    return orjson.dumps(plain, option=orjson.OPT_INDENT_2)


def digest(text: str, version: str) -> str:
    """The SHA-256 of a report: given as such, or of a report in a file, which must be about that version.

    Raises:
        Refused: the file cannot be read, is no report, was changed, or is about another set.
    """
    if re.fullmatch("[0-9a-f]{64}", text):
        return text
    try:
        found: Any = orjson.loads(Path(text).read_bytes())
        report = Report.read(orjson.dumps(found["report"]))
        told = found["digest"]
    except OSError as error:
        raise Refused(f"{text}: cannot be read ({type(error).__name__}). Check the name") from None
    except (orjson.JSONDecodeError, KeyError, TypeError, Malformed):
        raise Refused(f"{text}: is no report of seinpaal rules replay") from None
    if told != report.digest:
        raise Refused(f"{text}: was changed after the replay. Make it again: seinpaal rules replay")
    if report.after != version:
        raise Refused(f"{text}: is about set {report.after[:12]}, and you approve {version[:12]}")
    return report.digest
