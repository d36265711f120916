"""The leaks reproduced in our stack, each with the control that plain logging has it."""

import io
import logging
import threading
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from pydantic import BaseModel, ValidationError
from sqlalchemy import create_engine, exc, text
from structlog.tracebacks import ExceptionDictTransformer

from services.runtime.log import get_logger
from services.runtime.log_foreign import route
from tests.unit.runtime.conftest import Lines

CANARY = "999911120 Testpersoon Kanarie"

log = get_logger("services.shelf.handler")
library = logging.getLogger("aiokafka.consumer.fetcher")


class Tenant(BaseModel):
    """What a strict model prints when it refuses."""

    number: int


def caught(act: Callable[[], object]) -> Exception:
    """What `act` raises, with its traceback."""
    try:
        act()
    except Exception as error:  # noqa: BLE001  every kind is a case of its own
        return error
    raise AssertionError("nothing was raised")


def by_pydantic() -> object:
    """The input stands in the error's text."""
    return Tenant.model_validate({"number": CANARY})


def by_sql() -> object:
    """The parameters stand in the error's text, as engines are without `hide_parameters`."""
    with create_engine("sqlite://").connect() as connection:
        return connection.execute(text("SELECT * FROM missing WHERE name = :name"), {"name": CANARY})


def by_a_key() -> object:
    """The key stands in the error's text."""
    return dict[str, object]()[CANARY]


def behind_another() -> object:
    """The cause is printed too."""
    try:
        return by_pydantic()
    except ValidationError as error:
        raise RuntimeError("about " + CANARY) from error


def several() -> object:
    """A task group raises all its errors in one."""
    raise ExceptionGroup("about " + CANARY, [caught(by_pydantic), caught(by_a_key)])


ERRORS = [by_pydantic, by_sql, by_a_key, behind_another, several]


def plain(error: BaseException) -> str:
    """As `logging.exception` and an uncaught error print it."""
    return "".join(traceback.format_exception(error))


@pytest.mark.parametrize("act", ERRORS)
def test_an_error_is_told_without_its_text(written: io.StringIO, act: Callable[[], object]) -> None:
    """pydantic's input, SQL's parameters, a key, a cause: types and our lines only."""  # noqa: D403  a name
    error = caught(act)
    assert CANARY in plain(error)
    log.error("shelf.failed", exc_info=error)
    library.error("failed", exc_info=error)
    assert type(error).__name__ in written.getvalue()
    assert "Kanarie" not in written.getvalue()


def test_an_error_is_told_without_locals(written: io.StringIO) -> None:
    """Structlog's own dict tracebacks show them unless told otherwise."""

    def inner() -> None:
        name = CANARY
        raise ValueError(len(name))

    error = caught(inner)
    shown = ExceptionDictTransformer(show_locals=True)((type(error), error, error.__traceback__))
    assert CANARY in str(shown)
    log.error("shelf.failed", exc_info=error)
    assert "Kanarie" not in written.getvalue()


def test_what_structlog_does_unconfigured_is_what_we_avoid() -> None:
    """The control: its default chain prints every key."""
    stream = io.StringIO()
    was = structlog.get_config()
    structlog.reset_defaults()
    structlog.wrap_logger(structlog.PrintLogger(stream)).info("shelf.batch", tenant=CANARY)
    structlog.configure(**was)
    assert CANARY in stream.getvalue()


def test_before_configure_the_keys_are_guarded_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Importing the module is enough; a forgotten `configure` is no leak."""
    get_logger("services.shelf").info("shelf.batch", tenant=CANARY, records=1)
    out = capsys.readouterr().out
    assert "shelf.batch" in out
    assert "Kanarie" not in out


@pytest.mark.parametrize(
    ("speak", "template"),
    [
        (lambda: library.warning("lost %s of %s", CANARY, 7), "lost %s of %s"),
        (lambda: library.warning("a part and a part of %s", CANARY), "a part and a part of %s"),
        (lambda: library.warning(f"lost {CANARY}"), None),
        (lambda: library.warning("lost " + CANARY), None),
        (lambda: library.warning("lost {}".format(CANARY)), None),  # noqa: UP032  what libraries do
        (lambda: library.warning(ValueError(CANARY)), None),
        (lambda: library.warning("lost", extra={"tenant": CANARY}), "lost"),
        (lambda: library.warning("lost", stack_info=True), "lost"),
    ],
)
def test_a_library_is_told_by_its_template(lines: Lines, speak: Callable[[], None], template: str | None) -> None:
    """Its arguments are dropped, and a text that stands nowhere in its source was filled in before."""
    speak()
    (line,) = lines()
    assert line.get("template") == template
    assert line["logger"] == "aiokafka.consumer.fetcher"
    assert line["where"].startswith("test_log_leaks:")
    assert "Kanarie" not in str(line)


def test_a_handler_the_library_brings_prints_no_data_either(written: io.StringIO) -> None:
    """FastStream and uvicorn add their own; the record itself has lost its data."""
    del written
    stream, own = io.StringIO(), logging.getLogger("faststream.access.kafka")
    handler = logging.StreamHandler(stream)
    own.addHandler(handler)
    own.propagate = False
    try:
        own.error("failed on %s", CANARY, exc_info=caught(by_pydantic))
    finally:
        own.removeHandler(handler)
        own.propagate = True
    assert stream.getvalue() == "failed on %s\n"


def test_a_plain_record_holds_the_data() -> None:
    """The control: without our record factory the same call prints it."""
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed on %s", (CANARY,), None)
    assert CANARY in record.getMessage()


def test_a_warning_tells_no_data(lines: Lines) -> None:
    """Python's warnings go through the same chain."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn("about " + CANARY, stacklevel=1)
    (line,) = lines()
    assert line["logger"] == "py.warnings"
    assert "Kanarie" not in str(line)


def test_an_error_nobody_caught_is_told_the_same_way(written: io.StringIO, lines: Lines) -> None:
    """Python's own hook would print its text."""
    del written
    thread = threading.Thread(target=by_pydantic)
    thread.start()
    thread.join()
    (line,) = lines()
    assert (line["event"], line["error"]) == ("error.uncaught", "ValidationError")
    assert "Kanarie" not in str(line)


def test_the_control_of_uncaught_errors() -> None:
    """Without our hook the text is printed."""
    told: list[str] = []
    was = threading.excepthook
    threading.excepthook = lambda hook: told.append(str(hook.exc_value))
    thread = threading.Thread(target=by_pydantic)
    thread.start()
    thread.join()
    threading.excepthook = was
    assert CANARY in told[0]


def test_our_engines_hide_parameters() -> None:
    """The control of `by_sql`: the text holds them only because that engine shows them."""
    engine = create_engine("sqlite://", hide_parameters=True)
    with engine.connect() as connection, pytest.raises(exc.OperationalError) as raised:
        connection.execute(text("SELECT * FROM missing WHERE name = :name"), {"name": CANARY})
    engine.dispose()
    assert CANARY not in str(raised.value)


def test_routing_keeps_one_handler(written: io.StringIO) -> None:
    """A second `configure` does not print everything twice."""
    del written
    kept: list[tuple[str, dict[str, Any]]] = []
    route(lambda level, keys: kept.append((level, keys)))
    library.error("once")
    assert [level for level, _ in kept] == ["error"]
