"""Every mischief has its check, every check its mischief, and the page for developers says what the check says."""

import re
from pathlib import Path

from services.notify.kit.reasons import REASONS
from services.notify.kit.report import Check
from services.notify.kit.words import NAMES
from services.sandbox.partners.mischief import MISCHIEF
from tests.contract.kit.test_exam import FHIR, WEBHOOK
from tests.contract.kit.test_exam_notified import NOTIFIES

CASES = (*FHIR, *WEBHOOK, *NOTIFIES)


def test_every_mischief_is_put_to_a_check_and_every_check_has_one_that_fails_it() -> None:
    """A check that nothing fails would prove nothing."""
    played = {case[0].partition("=")[0] for case in CASES}
    assert played == set(MISCHIEF)
    assert {case[1] for case in CASES} == set(Check)


def test_the_page_for_developers_tells_what_the_check_says_of_each_mischief() -> None:
    """The sentence, by the check that is for it; it is what the trials above found."""
    page = (Path(__file__).parents[3] / "services/sandbox/README.md").read_text()
    rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)
    shown = {name: (check, says) for name, check, says in rows}
    found = {mischief.partition("=")[0]: (check, reason) for mischief, check, reason in reversed(CASES)}
    said = {
        name: (NAMES[check].en, re.sub(r"\{\w+\}", "…", REASONS[reason].came.en))
        for name, (check, reason) in found.items()
    }
    assert {name: shown.get(name) for name in MISCHIEF} == said
