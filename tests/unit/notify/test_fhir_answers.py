"""What a FHIR server's answers to our questions mean, and what a partner says in its Task."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from schemas.progress import Progress, Rejection
from services.notify.fhir.codes import REVISION, THREAD
from services.notify.fhir_answers import (
    Answered,
    Missing,
    NotNow,
    Tasks,
    Unfit,
    Unshown,
    about,
    found,
    read,
    reported,
    useful,
)
from services.notify.progress import Late, Report, advance
from services.notify.reply import Answer, Lost, NotSent, Reply
from services.notify.task_report import Unread
from services.notify.thread import Thread
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

EMPTY = orjson.dumps({"resourceType": "Bundle", "type": "searchset"})
TASK = {"resourceType": "Task", "id": "t-1", "status": "accepted"}


def thread(**given: Any) -> Thread:
    """Of a referral whose second revision the partner has."""
    return Thread.begun(samples.line(revision=2, **given), AT)


def told(status: str, *revisions: int, **more: Any) -> dict[str, Any]:
    """A Task that names these revisions."""
    named = [{"system": REVISION, "value": str(samples.referral(revision=number).id)} for number in revisions]
    own = [{"system": THREAD, "value": str(samples.referral().id)}, *named]
    return {"resourceType": "Task", "status": status, "identifier": own, **more}


@pytest.mark.parametrize(
    ("reply", "means"),
    [
        (Answer(200, body=EMPTY), Tasks(())),
        (Answer(200, body=EMPTY, date="Mon, 02 Mar 2026 21:45:22 GMT"), Tasks((), skew=timedelta(seconds=9.655))),
        (Answer(200, body=None), Unfit("answer-too-long", 200)),
        (Answer(400), Unfit("question-not-understood", 400)),
        (Answer(501), Unfit("question-not-understood", 501)),
        (Answer(200, body=b"<html>"), NotNow("unreadable-answer", 200)),
        (Answer(200, body=b'{"type": "searchset", "entry": 1}'), NotNow("unreadable-answer", 200)),
        (Answer(204), NotNow("unreadable-answer", 204)),
        (Answer(302), NotNow("redirected", 302)),
        (Answer(403), NotNow("not-authorised", 403)),
        (Answer(500), NotNow("failed-there", 500)),
        (Answer(429, "30"), NotNow("throttled", 429, AT + timedelta(seconds=30))),
        (NotSent("wrong-pin"), NotNow("wrong-pin")),
        (Lost("timed-out"), NotNow("timed-out")),
    ],
)
def test_what_an_answer_to_a_search_means(reply: Reply, means: Answered) -> None:
    """Tasks, another question, or later: never an exception, whatever comes back."""
    assert found(reply, AT) == means


@pytest.mark.parametrize(
    ("reply", "means"),
    [
        (Answer(200, body=orjson.dumps(TASK)), Tasks((TASK,))),
        (Answer(200, body=EMPTY), Unshown("unreadable-answer", 200)),
        (Answer(200, body=None), Unshown("answer-too-long", 200)),
        (Answer(403, body=b""), Unshown("unreadable-answer", 403)),
        (Answer(401), NotNow("not-authorised", 401)),
        (Answer(404), Missing()),
        (Answer(410), Missing()),
        (Answer(503), NotNow("unavailable", 503)),
    ],
)
def test_what_an_answer_to_a_read_means(reply: Reply, means: Tasks | Missing | Unshown | NotNow) -> None:
    """A Task, none any more, not this one, or later."""
    assert read(reply, AT) == means


def test_a_first_page_with_nothing_of_ours_is_no_answer() -> None:
    """Nobody could go on from there; with one of ours in it the others are asked for next."""
    one = thread()
    page = Tasks((told("accepted"),), whole=False)
    assert useful(Tasks((TASK,), whole=False), {one.thread: one}) == NotNow("unreadable-answer", 200)
    assert useful(page, {one.thread: one}) is page
    assert (
        about(({"resourceType": "Basic", **page.tasks[0], "x": 1} | {"resourceType": "Basic"},), {one.thread: one})
        == []
    )


@pytest.mark.parametrize(
    ("task", "says"),
    [
        (told("requested", 2), None),
        (told("accepted", 2), Report(Progress.ACCEPTED, revision=2)),
        (told("accepted", 1, 2), Report(Progress.ACCEPTED, revision=2)),
        (told("accepted"), Report(Progress.ACCEPTED)),
        (
            told("requested", 2, businessStatus={"coding": [{"code": "intake"}]}),
            Report(Progress.REQUESTED, business="intake", revision=2),
        ),
        (
            told("rejected", 2, statusReason={"coding": [{"code": "buiten"}], "text": "x"}, description="ours"),
            Report(Progress.REJECTED, rejection=Rejection.NOT_IN_AREA, revision=2, dropped=1),
        ),
    ],
)
def test_what_a_partner_says_in_a_task(task: dict[str, Any], says: Report | None) -> None:
    """Nothing, where it says only what we wrote; our own texts are not counted as its."""
    assert reported(task, thread(), {"buiten": Rejection.NOT_IN_AREA}, None) == says


def test_a_task_of_another_revision_says_nothing_of_this_one() -> None:
    """Neither of one before, nor of one that our ledger does not have as delivered yet."""
    for revision in (1, 3):
        report = reported(told("completed", revision), thread(), {}, None)
        assert isinstance(report, Report)
        assert advance(thread().standing, report) == Late()


def test_a_status_that_no_receiver_gives_is_not_read() -> None:
    """A draft, or an error: the path at fault, no value."""
    assert isinstance(reported(told("draft", 2), thread(), {}, None), Unread)
