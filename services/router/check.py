"""CHECK: the files of a folder -> a rule set, or everything that is wrong with them."""

from datetime import date
from pathlib import Path

from services.router.check_areas import check_areas
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
        raise Refused("\n".join(str(finding) for finding in findings))
    return rules


def _checked(
    configuration: Configuration | None, unread: list[Finding], day: date
) -> tuple[RuleSet | None, list[Finding]]:
    if configuration is None:
        return None, unread
    directory = configuration.directory()
    rules, findings = _rules(configuration, directory, day)
    findings += check_ids(configuration)
    findings += check_areas(configuration, directory)
    findings += check_partners(configuration, directory)
    findings += check_rivals(configuration, directory)
    findings += check_coverage(configuration, directory, day)
    if any(finding.refuses for finding in findings):
        return None, findings
    return RuleSet(rules, directory), findings


def _rules(configuration: Configuration, directory: Directory, day: date) -> tuple[list[Checked], list[Finding]]:
    rules: list[Checked] = []
    findings: list[Finding] = []
    standing: list[Standing] = []
    for placed in configuration.placed():
        findings += check_destinations(placed)
        findings += check_consent(placed)
        findings += check_days(placed, day)
        condition, faults = read_condition(placed.rule.when)
        findings += [Finding(placed.where("when"), fault) for fault in faults]
        if condition is None or faults:
            continue
        rules.append(Checked(placed.rule, condition))
        wrong = list(check_condition(placed, condition, directory))
        findings += wrong or check_tests(placed, condition, directory, day)
        if not wrong:
            standing.append(Standing(placed, condition))
    return rules, [*findings, *check_shadows(standing)]
