"""A folder of policy as small as it can be, and ways to spoil it."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from services.router.check import check
from services.router.finding import Finding
from services.router.ruleset import RuleSet

DAY: Final = date(2026, 3, 2)

RULES: Final = """\
rules:
  - id: violence
    owner: lead
    reason: An example of a rule.
    legal_basis: wmo-2015-5.2.6
    country: NL
    when: by_a_person && about_violence
    to: [veilig-thuis]
    effect: refer
    deadline: 24h
    tests:
      - {given: {kind: threat}, expect: fires}
      - {given: {kind: nuisance}, expect: does-not-fire}
"""

PARTNERS: Final = """\
partners:
  - id: vt
    name: Veilig Thuis Voorbeeld
    country: NL
    identifier: {system: "urn:x", value: "1"}
    serves:
      - kind: veilig-thuis
        areas: [GM0193, GM0141]
    channel: {type: fhir, url: "http://127.0.0.1:1/fhir"}
"""

AREAS: Final = """\
areas:
  - {code: GM0193, name: Zwolle, country: NL}
  - {code: GM0141, name: Almelo, country: NL}
  - {code: E09000012, name: Hackney, country: GB}
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """The files of one folder."""

    folder: Path
    files: dict[str, str] = field(
        default_factory=lambda: {"rules/nl.yaml": RULES, "partners.yaml": PARTNERS, "areas/nl.yaml": AREAS}
    )

    def spoil(self, name: str, old: str, new: str) -> "Policy":
        """With one passage of one file replaced; it must stand there once."""
        assert self.files[name].count(old) == 1, old
        return Policy(self.folder, {**self.files, name: self.files[name].replace(old, new)})

    def add(self, name: str, text: str) -> "Policy":
        """With text at the end of a file, or a new file."""
        return Policy(self.folder, {**self.files, name: self.files.get(name, "") + text})

    def write(self) -> Path:
        """The folder, with these files in it."""
        for name, text in self.files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return self.folder

    def check(self, day: date = DAY) -> tuple[RuleSet | None, list[Finding]]:
        """What the checks make of it."""
        return check(self.write(), day)

    def refused(self, day: date = DAY) -> list[str]:
        """What is told of a folder that is refused, with names relative to it."""
        rules, findings = self.check(day)
        assert rules is None, "it is not refused"
        return [str(finding).replace(f"{self.folder}/", "") for finding in findings]
