"""Whatever somebody types: a good set, or findings with file and line; whatever a signal says: a decision."""

import json
import random
import re
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from schemas.codes import Answer
from schemas.message import Malformed
from schemas.referral import Handling
from schemas.signal import Facts, Signal
from services.router.check import check_texts, load
from services.router.decide import decide
from services.router.decision import Recorded, Routed
from services.router.example import made_up
from services.router.explain import explained, of_facts
from services.router.household import ALONE
from services.router.memory import Earlier
from tests.unit.router.policy import AREAS, DAY, PARTNERS
from tests.unit.router.samples import NOW, at, signal
from tests.unit.router.test_decide_properties import some_facts

FILE: Final = "rules/nl.yaml"
SHIPPED: Final = Path("deploy/config/rules/nl.yaml").read_text()
SET: Final = load(Path("deploy/config"), date(2026, 11, 25))
WORDS: Final[tuple[str, ...]] = (
    *sorted(set(re.findall(r"[\w.-]+|[^\w\s]+", SHIPPED))),
    *("true", "null", "~", "1e9", "-1", "2026-02-30", "2026-01-01", "&a", "*a", "<<", "!!set", "|", ">", "\t", "\x00"),
    *("é", "\u202e", "'", '"', "matches", "valid_until:", "valid_from:", "[[", "]]", "0x7f", "9" * 25, "\n", "  "),
)


def chosen() -> list[str]:
    """Rules of the shipped file that one partner can serve, one a text."""
    texts = ["  - id: " + text for text in SHIPPED.split("  - id: ")[1:]]
    return [text for text in texts if "to: [veilig-thuis]" in text]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, str]:
    """A few shipped rules, with an accident or two in one of the files."""
    dice = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311  it plays, it keeps no secret
    rules = "rules:\n" + "".join(dice.sample(chosen(), 3))
    files = {FILE: rules, "partners.yaml": PARTNERS, "areas/nl.yaml": AREAS}
    for _ in range(dice.randint(0, 3)):
        name = dice.choice([FILE, FILE, *files])
        files[name] = _accident(files[name], dice)
    return files


def _accident(text: str, dice: random.Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    match dice.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(other, lines[at])
        case 2:
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            lines[at] = " " * dice.randint(1, 5) + lines[at]
        case 4:
            words = re.split(r"(\W+)", lines[at])
            words[dice.randrange(len(words))] = dice.choice(WORDS)
            lines[at] = "".join(words)
        case _:
            place = dice.randrange(len(text) + 1)
            return text[:place] + dice.choice(WORDS) + text[place + dice.randint(0, 4) :]
    return "".join(lines)


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(WORDS)
    | st.text(max_size=8)
)
keys = st.sampled_from((
    "rules", "id", "owner", "reason", "legal_basis", "country", "when", "to", "effect", "deadline", "tests", "given",
    "expect", "valid_from", "valid_until", "areas", "code", "name", "successor", "dash", "partners", "serves", "kind",
))  # fmt: skip
branches = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6), max_leaves=20
)
trees = st.dictionaries(st.sampled_from(("rules", "areas", "partners")), branches)


def well_told(texts: dict[str, str]) -> None:
    """A set, or findings that each stand on a line of one of the files."""
    rules, findings = check_texts(texts, DAY)
    assert (rules is None) == any(finding.refuses for finding in findings)
    for finding in findings:
        name, _, line = finding.where.partition(":")
        assert name in texts
        assert line.isdecimal() or "more" in finding.sentence
        assert finding.sentence.strip()
    if rules is not None:
        explained(of_facts(signal().facts, DAY), rules)


@given(mutated())
def test_a_file_with_accidents_is_a_good_set_or_says_where_it_is_not(files: dict[str, str]) -> None:
    """Never a crash, never a hang, never a set that nobody can decide with."""
    well_told(files)


@given(trees, st.sampled_from((FILE, "areas/nl.yaml", "partners.yaml")))
def test_any_tree_in_place_of_a_file_is_refused_with_its_line(tree: Any, name: str) -> None:
    """Whatever stands where a rule, an area or a partner should."""
    files = {FILE: "rules:\n" + chosen()[0], "partners.yaml": PARTNERS, "areas/nl.yaml": AREAS}
    well_told({**files, name: json.dumps(tree)})


facts_keys = st.sampled_from((*Facts.model_fields, "signals_90d", "lock_chnge_365d", "narrative"))
anything = st.dictionaries(facts_keys, scalars | st.lists(scalars, max_size=3), max_size=5)


@given(anything)
def test_facts_of_any_type_are_facts_or_are_refused_without_their_values(given_: dict[str, Any]) -> None:
    """An example beside a rule, a file of somebody who asks, and a signal in the topic."""
    with suppress(Malformed):
        made_up(given_, "NL")
    told = json.loads(signal().write())
    told["facts"].update(given_)
    try:
        event = Signal.read(json.dumps(told))
    except Malformed:
        return
    assert isinstance(decide(event, at(), SET, Earlier(), NOW, household=ALONE), Routed | Recorded)


@given(some_facts, st.integers(-400, 400))
def test_a_signal_is_decided_at_any_time_and_unknown_is_never_dropped(told: Facts, days: int) -> None:
    """A clock a year off changes who gives help, and not that somebody hears: nothing ends in silence."""
    now = NOW + timedelta(days=days)
    event = signal().model_copy(update={"facts": told})
    decision = decide(event, at(), SET, Earlier(), now, household=ALONE)
    assert isinstance(decision, Routed | Recorded)
    if isinstance(decision, Recorded):
        assert decision.explanation.fired
    for field in ("acute", "structural"):
        unknown, yes = (
            decide(_with(event, field, answer), at(), SET, Earlier(), now, household=ALONE)
            for answer in (Answer.UNKNOWN, Answer.YES)
        )
        assert _sent(unknown) == _sent(yes)
    for field in ("children", "pregnant", "informed"):
        unknown = decide(_with(event, field, Answer.UNKNOWN), at(), SET, Earlier(), now, household=ALONE)
        yes = decide(_with(event, field, Answer.YES), at(), SET, Earlier(), now, household=ALONE)
        assert isinstance(unknown, Routed) or not isinstance(yes, Routed)


def _with(event: Signal, field: str, answer: Answer) -> Signal:
    return event.model_copy(update={"facts": event.facts.model_copy(update={field: answer})})


def _sent(decision: object) -> list[tuple[str, Handling]]:
    return [(one.recipient, one.handling) for one in decision.referrals] if isinstance(decision, Routed) else []
