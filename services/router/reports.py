"""REPORTS: a replay report as a file, and the digest an approval rests on."""

import re
from pathlib import Path
from typing import Any

import orjson

from schemas.message import Malformed
from schemas.words import filled
from services.router import refusal_words as refused
from services.router.report import Report
from services.runtime.errors import Refused
from services.runtime.file_words import unread


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
        raise Refused(filled(refused.NO_REPORT_FILE, text, unread(error))) from None
    except (orjson.JSONDecodeError, KeyError, TypeError, Malformed):
        raise Refused(filled(refused.NO_REPORT, text)) from None
    if told != report.digest:
        raise Refused(filled(refused.REPORT_CHANGED, text))
    if report.after != version:
        raise Refused(filled(refused.OTHER_SET, text, report.after[:12], version[:12]))
    return report.digest
