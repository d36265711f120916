"""One refused example for everything that can be wrong between rules, areas and partners."""

from datetime import date
from itertools import permutations

import pytest

from services.router.check import load
from tests.unit.router.policy import DAY, PARTNERS, RULES, Policy

FILE = "rules/nl.yaml"
SECOND = PARTNERS.removeprefix("partners:\n")


def test_two_rules_with_one_id_are_refused(policy: Policy) -> None:
    """Also in two files: decisions refer to rules by id."""
    found = policy.add("rules/other.yaml", RULES).refused()
    assert len(found) == 1
    assert found[0].startswith("rules/other.yaml:2: the rule violence stands at ")
    assert found[0].endswith("rules/nl.yaml:2 too. Rename one")


def test_two_partners_with_one_id_are_refused(policy: Policy) -> None:
    """Their referrals would share an id."""
    found = policy.add("partners.yaml", SECOND).refused()
    assert found[0].startswith("partners.yaml:10: there are two partners vt. Rename one")


def test_a_kind_of_help_nobody_gives_in_an_area_is_refused(policy: Policy) -> None:
    """At the rule that asks for it, with the areas it lacks."""
    found = policy.spoil("partners.yaml", "[GM0193, GM0141]", "[GM0193]").refused()
    assert found == [f"{FILE}:8: nobody gives veilig-thuis in GM0141. Add it to a partner's `serves`"]


def test_an_area_without_a_partner_is_well_when_no_rule_asks_for_it(policy: Policy) -> None:
    """Hackney has no partner, and no rule is English."""
    assert policy.check()[1] == []


def test_two_partners_for_one_kind_in_one_area_at_one_time_are_refused(policy: Policy) -> None:
    """The right recipient only: nobody draws lots."""
    found = policy.add("partners.yaml", SECOND.replace("id: vt", "id: vt2")).refused()
    told = "partners.yaml:14: vt and vt2 both give veilig-thuis in GM0141, GM0193 at the same time."
    assert found == [f"{told} End one before the other begins"]


def test_one_partner_after_the_other_is_well(policy: Policy) -> None:
    """The day one ends is the day the other begins."""
    kind = "      - kind: veilig-thuis\n"
    first = policy.spoil("partners.yaml", kind, f"{kind}        valid_until: 2026-06-01\n")
    later = SECOND.replace("id: vt", "id: vt2").replace(kind, f"{kind}        valid_from: 2026-06-01\n")
    assert first.add("partners.yaml", later).check()[1] == []
    overlap = later.replace("2026-06-01", "2026-05-31")
    assert "at the same time" in first.add("partners.yaml", overlap).refused()[0]


def test_an_area_nobody_knows_is_refused(policy: Policy) -> None:
    """A partner's area, and an area of another country."""
    found = policy.spoil("partners.yaml", "GM0141]", "GM0141, GM9999]").refused()
    assert found == ["partners.yaml:8: GM9999: no area of NL in areas/. Correct the code"]
    found = policy.spoil("partners.yaml", "GM0141]", "GM0141, E09000012]").refused()
    assert found == ["partners.yaml:8: E09000012: no area of NL in areas/. Correct the code"]


def test_an_area_that_stands_there_twice_is_refused(policy: Policy) -> None:
    """Two entries may follow each other, and not overlap."""
    found = policy.add("areas/nl.yaml", "  - {code: GM0193, name: Zwolle, country: NL}\n").refused()
    assert found == ["areas/nl.yaml:5: GM0193 stands there twice for the same days. Keep one"]


MERGED = "  - {code: GM0002, name: Nieuw, country: NL, places: [Almelo, Aadorp], valid_from: 2027-01-01}\n"
SHARED = (
    "areas/nl.yaml:5: aadorp stands with GM0141 and GM0002 at the same time, from 2027-01-01 on: an address with that "
    "town and no code or postcode waits for a person. End one, or leave the town out"
)


@pytest.mark.parametrize(
    ("ends", "told"), [("", [SHARED]), (", valid_until: 2027-02-01", [SHARED]), (", valid_until: 2027-01-01", [])]
)
def test_a_town_that_two_areas_have_at_once_is_told(policy: Policy, ends: str, told: list[str]) -> None:
    """Whoever adds the new municipality and forgets to end the old one has every address there wait for a person."""
    old = policy.spoil(
        "areas/nl.yaml", "name: Almelo, country: NL", f"name: Almelo, country: NL, places: [Aadorp, Aadorp]{ends}"
    )
    both = old.spoil("partners.yaml", "GM0141]", "GM0141, GM0002]").add(
        "areas/nl.yaml", MERGED.replace("Aadorp", "aadorp")
    )
    rules, findings = both.check()
    assert rules is not None
    assert [str(one).replace(f"{policy.folder}/", "") for one in findings] == told


def test_an_area_that_went_up_in_nothing_is_refused(policy: Policy) -> None:
    """Its signals would find nobody from that day on."""
    ended = "code: GM0141, valid_until: 2027-01-01, successor: GM9999"
    found = policy.spoil("areas/nl.yaml", "code: GM0141", ended).refused()
    assert found == ["areas/nl.yaml:3: GM9999 is no area we know; did you mean GM0193?"]
    found = policy.spoil("areas/nl.yaml", "code: GM0141", ended.replace("GM9999", "W06000015")).refused()
    assert found == ["areas/nl.yaml:3: W06000015 is no area we know. Add it, or correct the code"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("code: GM0141", "code: GM0141, valid_until: 2027-01-01, successor: E09000012",
         "areas/nl.yaml:3: E09000012 is no area of NL. Name one that GM0141 went up in"),
        ("code: GM0141", "code: GM0141, successor: GM0193",
         "areas/nl.yaml:3: GM0141 went up in GM0193, and does not say when. Add valid_until, the day it ended"),
        ("code: GM0141", "code: GM0141, valid_until: 2027-01-01, successor: GM0141",
         "areas/nl.yaml:3: GM0141 goes up in itself by way of GM0141. Correct one of them"),
        ("code: GM0141", "code: GM0141, valid_from: 2026-01-01, valid_until: 2026-01-01",
         "areas/nl.yaml:3: GM0141 ends before it begins. Correct valid_from or valid_until"),
        ("code: GM0141", "code: GM0141, dash: {veilig-thuis: 14}",
         "areas/nl.yaml:3: no condition asks for a DASH score for veilig-thuis. Leave it out"),
    ],
)  # fmt: skip
def test_an_area_whose_days_or_successor_cannot_be_is_refused(policy: Policy, old: str, new: str, told: str) -> None:
    """Its signals would find nobody, and nobody would see why."""
    assert told in policy.spoil("areas/nl.yaml", old, new).refused()


def test_a_score_that_changes_on_a_day_makes_no_good_set_bad(policy: Policy) -> None:
    """An example comes out otherwise from that day on: it is told, and no router that starts again stands still."""
    area = "{{code: E09000012, name: Hackney, country: GB, dash: {{marac: {}}}, {}: 2026-06-01}}"
    both = f"{area.format(14, 'valid_until')}\n  - {area.format(10, 'valid_from')}"
    rule = """\
  - id: visible-high-risk
    owner: lead
    reason: An example of a rule.
    country: GB
    when: dash_reaches_marac
    effect: record
    tests:
      - {given: {area: E09000012, dash_score: 14}, expect: fires}
      - {given: {area: E09000012, dash_score: SCORE}, expect: does-not-fire}
"""
    known = policy.spoil("areas/nl.yaml", "{code: E09000012, name: Hackney, country: GB}", both)

    def checked(score: int, day: date) -> tuple[bool, list[bool]]:
        """Whether it can be used, and which of what is told refuses it."""
        rules, findings = known.add("rules/gb.yaml", "rules:\n" + rule.replace("SCORE", f"{score}")).check(day)
        return rules is not None, [finding.refuses for finding in findings]

    assert checked(12, date(2026, 5, 31)) == (True, [])
    assert checked(12, date(2026, 6, 1)) == (True, [False])
    assert checked(15, date(2026, 6, 1)) == (False, [True])


def test_an_area_that_ends_before_its_successor_begins_is_refused(policy: Policy) -> None:
    """On the days between its signals would find nobody."""
    ends = policy.spoil("areas/nl.yaml", "code: GM0141", "code: GM0141, valid_until: 2027-01-01, successor: GM0193")
    gap = ends.spoil("areas/nl.yaml", "code: GM0193", "code: GM0193, valid_from: 2027-01-02")
    told = "areas/nl.yaml:3: on 2027-01-01 GM0141 has ended and GM0193 is not there. Correct their days"
    assert gap.refused() == [told]


def test_areas_that_go_up_in_each_other_are_refused(policy: Policy) -> None:
    """Each is told at its own line."""
    one = policy.spoil("areas/nl.yaml", "code: GM0141", "code: GM0141, valid_until: 2027-01-01, successor: GM0193")
    two = one.spoil("areas/nl.yaml", "code: GM0193", "code: GM0193, valid_until: 2028-01-01, successor: GM0141")
    assert [line.partition(". ")[0] for line in two.refused() if "itself" in line] == [
        "areas/nl.yaml:2: GM0193 goes up in itself by way of GM0141",
        "areas/nl.yaml:3: GM0141 goes up in itself by way of GM0193",
    ]


def test_areas_that_merge_are_well(policy: Policy) -> None:
    """The old one is served to its last day, the new one from its first."""
    areas = "  - {code: GM0150, name: Deventer, country: NL, valid_from: 2027-01-01}\n"
    merged = policy.spoil("areas/nl.yaml", "code: GM0141", "code: GM0141, valid_until: 2027-01-01, successor: GM0150")
    merged = merged.add("areas/nl.yaml", areas)
    assert merged.spoil("partners.yaml", "GM0141]", "GM0141, GM0150]").check()[1] == []
    assert merged.refused() == [f"{FILE}:8: nobody gives veilig-thuis in GM0150. Add it to a partner's `serves`"]


def test_an_area_that_will_end_is_served_until_then(policy: Policy) -> None:
    """That it goes up in another next year helps nobody today; what ended before today asks for nobody."""
    ends = policy.spoil("areas/nl.yaml", "code: GM0141", "code: GM0141, valid_until: 2027-01-01, successor: GM0193")
    ends = ends.spoil("partners.yaml", "[GM0193, GM0141]", "[GM0193]")
    assert ends.refused() == [f"{FILE}:8: nobody gives veilig-thuis in GM0141. Add it to a partner's `serves`"]
    assert ends.check(date(2027, 1, 1))[1] == []


def test_a_kind_of_help_that_ends_before_it_begins_is_refused(policy: Policy) -> None:
    """It would never be given."""
    kind = "      - kind: veilig-thuis\n"
    never = f"{kind}        valid_from: 2026-06-01\n        valid_until: 2026-05-31\n"
    found = policy.spoil("partners.yaml", kind, never).refused()
    assert "partners.yaml:9: it ends before it begins. Correct valid_from or valid_until" in found


def test_a_kind_of_help_of_another_country_is_refused(policy: Policy) -> None:
    """No Dutch organisation is a MARAC."""
    spoilt = policy.spoil("partners.yaml", "kind: veilig-thuis", "kind: marac")
    assert "partners.yaml:7: marac is no help of NL. Correct kind or country" in spoilt.refused()


def test_a_partner_that_ends_is_told_and_does_not_refuse(policy: Policy) -> None:
    """A set that was good must not become bad by the calendar: the service would not start, and nothing be held."""
    kind = "      - kind: veilig-thuis\n"
    ends = policy.spoil("partners.yaml", kind, f"{kind}        valid_until: 2026-06-01\n")
    for day in (DAY, date(2027, 1, 1)):
        rules, (finding,) = ends.check(day)
        assert rules is not None
        assert not finding.refuses
        on = max(day, date(2026, 6, 1))
        assert finding.sentence.startswith(f"nobody gives veilig-thuis in GM0141, GM0193 on {on}.")


def test_a_folder_without_files_is_refused(policy: Policy) -> None:
    """Nothing is no policy."""
    policy.folder.mkdir(parents=True)
    policy.files.clear()
    found = policy.refused()
    assert len(found) == 3
    assert found[0].endswith("rules: no .yaml file is in it. Check the folder's name")


def test_the_version_follows_what_bears_on_a_decision(policy: Policy) -> None:
    """Rules, areas and who serves where; not where a partner is reached, nor the examples beside a rule."""
    version = load(policy.write(), DAY).version
    for name, old, new, same in (
        (FILE, "about_violence", "(about_violence || about_child)", False),
        (FILE, "24h", "23h", False),
        (FILE, "owner: lead", "owner: other", False),
        ("partners.yaml", "id: vt", "id: vt2", False),
        ("areas/nl.yaml", "code: E09000012", "code: E09000019", False),
        ("partners.yaml", "127.0.0.1:1", "127.0.0.1:2", True),
        (FILE, "{kind: nuisance}", "{kind: access.refused}", True),
        (FILE, "rules:", "# a remark\nrules:", True),
    ):
        changed = load(policy.spoil(name, old, new).write(), DAY).version
        assert (changed == version) is same, new
    policy.write()


def test_the_version_does_not_depend_on_order_or_files(policy: Policy) -> None:
    """The same rules in any order and any division over files are the same policy."""
    text = RULES.removeprefix("rules:\n").replace("about_violence", 'kind == "threat"')
    texts = [
        text.replace("threat", kind).replace("id: violence", f"id: {kind}") for kind in ("threat", "weapon", "stalking")
    ]
    versions = set()
    for order in permutations(texts):
        policy.files[FILE] = "rules:\n" + order[0] + order[1]
        policy.files["rules/z.yaml"] = "rules:\n" + order[2]
        versions.add(load(policy.write(), DAY).version)
    assert len(versions) == 1
