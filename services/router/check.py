"""CHECK: the files of a folder -> a rule set, or everything that is wrong with them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from schemas.words import Words
from services.router.budget import Cases, bounded, check_budget
from services.router.check_areas import check_areas
from services.router.check_gaps import check_gaps
from services.router.check_rule import check_condition, check_consent, check_days, check_destinations, check_tests
from services.router.check_set import check_coverage, check_ids, check_partners, check_rivals
from services.router.check_shadows import Standing, check_shadows
from services.router.condition import read as read_condition
from services.router.configuration import Configuration, read, read_texts
from services.router.directory import Directory
from services.router.finding import Finding
from services.router.policy import Texts
from services.router.ruleset import Checked, RuleSet
from services.runtime.errors import Refused
from services.runtime.yaml_file import together


def check(folder: Path, day: date) -> tuple[RuleSet | None, list[Finding]]:
    """The rule set, or None when a finding refuses it. `day`: from when on the partners must cover what rules name."""
    return _checked(*read(folder), day)


def check_texts(texts: Texts, day: date) -> tuple[RuleSet | None, list[Finding]]:
    """As `check`, of a policy that was proposed."""
    return _checked(*read_texts(texts), day)


def load(folder: Path, day: date) -> RuleSet:
    """The rule set of that folder.

    Raises:
        Refused: with one line for each finding, when one of them refuses the set.
    """
    rules, findings = check(folder, day)
    if rules is None:
        raise Refused(together(Words(one.said("en"), one.said("nl")) for one in findings))
    return rules


def _checked(
    configuration: Configuration | None, unread: list[Finding], day: date
) -> tuple[RuleSet | None, list[Finding]]:
    if configuration is None:
        return None, unread
    over = list(check_budget(configuration))
    if over:
        return None, over
    directory = configuration.directory()
    rules: list[Checked] = []
    findings = list(bounded(_every(configuration, directory, day, rules)))
    if any(finding.refuses for finding in findings):
        return None, findings
    return RuleSet(rules, directory), findings


def _every(configuration: Configuration, directory: Directory, day: date, rules: list[Checked]) -> Iterator[Finding]:
    """All there is to say, one after the other; `rules` takes those that can be read."""
    yield from _each(configuration, directory, day, rules)
    yield from check_ids(configuration)
    yield from check_areas(configuration, directory)
    yield from check_partners(configuration, directory)
    yield from check_rivals(configuration, directory)
    yield from check_coverage(configuration, directory, day)


def _each(configuration: Configuration, directory: Directory, day: date, rules: list[Checked]) -> Iterator[Finding]:
    standing: list[Standing] = []
    cases = Cases()
    for placed in configuration.placed():
        yield from check_destinations(placed)
        yield from check_consent(placed)
        yield from check_days(placed, day)
        condition, faults = read_condition(placed.rule.when)
        yield from (Finding.of(placed.where("when"), fault) for fault in faults)
        if condition is None or faults:
            continue
        spent = list(cases.take(placed, condition))
        if spent:
            yield from spent
            return
        rules.append(Checked(placed.rule, condition))
        wrong = list(check_condition(placed, condition, directory))
        yield from wrong or check_tests(placed, condition, directory, day)
        if not wrong:
            standing.append(Standing(placed, condition))
    yield from check_shadows(standing)
    yield from check_gaps(standing, day)
