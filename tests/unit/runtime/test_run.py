"""Running services: all of them or none, until a signal, or until one is no longer alive."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from services.runtime.errors import Refused, TryLater
from services.runtime.run import NotAlive, Pace, run, run_forever
from services.runtime.service import Health
from services.runtime.vigil import Vigil
from tests.unit.runtime.conftest import Lines
from tests.unit.runtime.services import Noted

QUICK = Pace(look=0.01, patience=0.05, stop=0.5)
DEAD = Health(alive=False, ready=False, why="no poll")

CHILD = """
import asyncio, signal, sys
from services.runtime.run import run_forever
from services.runtime.service import Health

class Stubborn:
    name = "stubborn"
    async def start(self): pass
    async def stop(self):
        print("stopping", flush=True)
        await asyncio.sleep(1000)
    def healthy(self):
        print("up", flush=True)
        return Health(alive=True, ready=True)

sys.exit(run_forever([Stubborn()]))
"""


class _Hanging(Noted):
    async def stop(self) -> None:
        self.notes.append(f"stop {self.name}")
        await asyncio.Event().wait()


class _Failing(Noted):
    async def stop(self) -> None:
        self.notes.append(f"stop {self.name}")
        raise LookupError("Testpersoon Kanarie")


async def begun(service: Noted) -> None:
    """Its start was asked for; the wait has an end."""
    await asyncio.wait_for(service.begun.wait(), 10)


async def test_services_start_in_order_and_stop_in_reverse() -> None:
    """What others need comes first and goes last."""
    notes: list[str] = []
    stop = asyncio.Event()
    last = Noted("b", notes)
    running = asyncio.ensure_future(run([Noted("a", notes), last], stop, pace=QUICK))
    await begun(last)
    stop.set()
    await running
    assert notes == ["start a", "start b", "stop b", "stop a"]


async def test_one_that_does_not_start_takes_the_others_down(lines: Lines) -> None:
    """Never half of them; what is wrong is raised and stands in the log with the service's name."""
    notes: list[str] = []
    wrong = Refused("KAFKA_PASSWORD: is missing")
    with pytest.raises(Refused, match="KAFKA_PASSWORD"):
        await run([Noted("a", notes), Noted("b", notes, broken=wrong), Noted("c", notes)], pace=QUICK)
    assert notes == ["start a", "start b", "stop b", "stop a"]
    (told,) = [line for line in lines() if line["event"] == "run.start_failed"]
    assert (told["service"], told["why"]) == ("b", "KAFKA_PASSWORD: is missing")


async def test_stopping_does_not_wait_for_a_slow_start() -> None:
    """A broker that never answers must not keep us from stopping."""
    notes: list[str] = []
    stop = asyncio.Event()
    slow = Noted("b", notes, slow=asyncio.Event())
    running = asyncio.ensure_future(run([Noted("a", notes), slow, Noted("c", notes)], stop, pace=QUICK))
    await begun(slow)
    stop.set()
    await running
    assert notes == ["start a", "start b", "stop b", "stop a"]


async def test_who_was_told_before_starts_nothing() -> None:
    """A signal may come while settings are read."""
    notes: list[str] = []
    stop = asyncio.Event()
    stop.set()
    await run([Noted("a", notes)], stop, pace=QUICK)
    assert notes == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_in_order(number: signal.Signals) -> None:
    """As Kubernetes, systemd and a person do; afterwards the signals are the caller's again."""
    notes: list[str] = []
    only = Noted("a", notes)
    running = asyncio.ensure_future(run([only], pace=QUICK))
    await begun(only)
    os.kill(os.getpid(), number)
    await running
    assert notes == ["start a", "stop a"]
    assert not asyncio.get_running_loop().remove_signal_handler(number)


async def test_cancelling_stops_them_too() -> None:
    """`up` runs us beside other things."""
    notes: list[str] = []
    slow = Noted("b", notes, slow=asyncio.Event())
    running = asyncio.ensure_future(run([Noted("a", notes), slow], pace=QUICK))
    await begun(slow)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert notes == ["start a", "start b", "stop b", "stop a"]


async def test_one_that_dies_ends_the_run(lines: Lines) -> None:
    """A consumer that is stuck needs a new process; the reason is raised and logged once, not at every look."""
    notes: list[str] = []
    dying, other = Noted("a", notes), Noted("b", notes)
    running = asyncio.ensure_future(run([dying, other], pace=QUICK))
    await begun(other)
    dying.health = DEAD
    with pytest.raises(NotAlive, match=r"a has not been alive for \d+ s: no poll"):
        await running
    assert notes[-2:] == ["stop b", "stop a"]
    assert len([line for line in lines() if line["event"] == "run.health" and line["alive"] is False]) == 1


@pytest.mark.parametrize("kind", [_Hanging, _Failing])
async def test_one_that_does_not_stop_keeps_nobody(lines: Lines, kind: type[Noted]) -> None:
    """The others still finish what is in hand."""
    notes: list[str] = []
    stop = asyncio.Event()
    last = Noted("c", notes)
    running = asyncio.ensure_future(run([Noted("a", notes), kind("b", notes), last], stop, pace=QUICK))
    await begun(last)
    stop.set()
    await running
    assert notes[-3:] == ["stop c", "stop b", "stop a"]
    assert [line["service"] for line in lines() if line["event"] == "run.stop_failed"] == ["b"]
    assert "Kanarie" not in str(lines())


@pytest.mark.parametrize(
    ("error", "code"),
    [(Refused("x"), os.EX_CONFIG), (TryLater("x"), os.EX_TEMPFAIL), (LookupError("Kanarie"), os.EX_SOFTWARE)],
)
def test_the_exit_code_says_what_to_do_next(lines: Lines, error: Exception, code: int) -> None:
    """A supervisor can tell a wrong setting from a broker that is away."""
    assert run_forever([Noted("a", [], broken=error)], pace=QUICK) == code
    assert lines()[-1]["event"] == "run.failed"
    assert "Kanarie" not in str(lines())


def test_one_that_died_has_an_exit_code_too() -> None:
    """So that it is started again."""
    assert run_forever([Noted("a", [], health=DEAD)], pace=QUICK) == os.EX_SOFTWARE


def test_one_that_a_person_must_mend_is_not_waited_for(lines: Lines) -> None:
    """Starting it again would change nothing: the exit code of a setting, at once, and the log says which one."""
    health = Health(alive=False, ready=False, why="give it another ROUTER_INSTANCE", refused=True)
    assert run_forever([Noted("a", [], health=health)], pace=Pace(look=0.01, patience=600, stop=0.5)) == os.EX_CONFIG
    assert lines()[-1]["why"] == "give it another ROUTER_INSTANCE"


def test_a_second_ctrl_c_ends_at_once() -> None:
    """Who presses it again means it. What was not committed is read again."""
    with subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            for word in ("up", "stopping"):
                while word not in child.stdout.readline():
                    continue
                child.send_signal(signal.SIGINT)
            assert child.wait(10) == 128 + signal.SIGINT
        finally:
            child.kill()


def test_a_vigil_is_patient_and_forgets_what_recovered() -> None:
    """A rebalance of some seconds is no death, and three of them are no longer one."""
    vigil = Vigil(patience=30)
    well = Health(alive=True, ready=True)
    assert vigil.look({"a": DEAD}, 0) is None
    assert vigil.look({"a": DEAD}, 29.9) is None
    assert vigil.look({"a": well}, 30) is None
    assert vigil.look({"a": DEAD, "b": well}, 31) is None
    assert vigil.look({"a": DEAD, "b": well}, 61) == "a has not been alive for 30 s: no poll"


def test_a_process_may_open_as_many_files_as_its_system_lets_it() -> None:
    """Each connection is one: with the usual thousand, a thousand visitors at the door leave none for deliveries."""
    given = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 4096)){CHILD}"
    asked = 'print(resource.getrlimit(resource.RLIMIT_NOFILE), flush=True)\n        print("up", flush=True)'
    child = subprocess.Popen(
        [sys.executable, "-c", given.replace('print("up", flush=True)', asked)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    told = next(line for line in child.stdout if line.startswith("("))
    child.kill()
    child.wait()
    child.stdout.close()
    assert told == "(4096, 4096)\n"
