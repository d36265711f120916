"""Words of others in a terminal."""

from io import StringIO

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from services.notify.desk_table import sheet
from services.runtime.terminal_list import Column, TerminalList
from services.runtime.terminal_text import shown

STEERS = "a\x1b[2Jb\u202ec\x9bd\x00e"
SHOWN = "a\N{REPLACEMENT CHARACTER}[2Jb\N{REPLACEMENT CHARACTER}c\N{REPLACEMENT CHARACTER}d\N{REPLACEMENT CHARACTER}e"


def test_what_a_person_reads_of_a_referral_cannot_steer_the_terminal() -> None:
    """Neither in a sheet nor in a list: who decides would see another reason than the one that stands there."""
    for drawn in (sheet([("Why", STEERS)]), TerminalList([Column("Why")], [(STEERS,)], [((0,),)])):
        told = StringIO()
        Console(width=80, file=told).print(drawn)
        assert SHOWN in told.getvalue()
        assert not set(STEERS[1]) & set(told.getvalue())


@given(st.text(st.characters(exclude_categories=["Cc", "Cf"])))
def test_what_people_write_stays_as_it_is(text: str) -> None:
    """Letters, marks and signs of any script, the joiner in a name, and the lines of a story."""
    assert shown(text) == text
    assert shown("Noor\u200d\tAl\u2011Said\nzegt") == "Noor\u200d\tAl\u2011Said\nzegt"
