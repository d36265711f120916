"""What people copy out of a list in a terminal is there whole, however narrow that is."""

from io import StringIO

from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from services.runtime.terminal_list import Column, TerminalList

ID, WHY, AT, COUNT = (
    Column("id", whole=True),
    Column("why"),
    Column("at", whole=True),
    Column("n", whole=True, side="right"),
)
LAYOUTS = (((0,), (1,), (2,), (3,)), ((0,), (1, 2), (3,)), ((0, 1, 2, 3),))
MOMENT = "2026-03-02 21:45Z"
PROSE = "nobody has looked at it in time"


def drawn(width: int, *rows: tuple[Text | str, ...]) -> list[str]:
    """On a terminal of that width."""
    written = StringIO()
    Console(file=written, width=width).print(TerminalList([ID, WHY, AT, COUNT], rows, LAYOUTS))
    return [line.rstrip() for line in written.getvalue().splitlines()]


@given(st.lists(st.integers(1, 63), min_size=1, max_size=4), st.integers(63, 140))
@example([63], 63)
@example([29, 63], 80)
def test_ids_and_moments_are_whole_at_every_width_that_holds_one(lengths: list[int], width: int) -> None:
    """Once each in a line of the list, and no line is longer than the terminal is wide."""
    names = [f"{number}".ljust(length, "x") for number, length in enumerate(lengths)]
    lines = drawn(width, *((name, PROSE, MOMENT, "12345") for name in names))
    words = " ".join(lines).split()
    assert [word for word in words if word in names] == names
    assert sum(MOMENT in line for line in lines) == words.count("12345") == len(names)
    assert max(map(len, lines)) <= width


def test_what_has_room_stands_side_by_side_and_is_not_folded() -> None:
    """As wide as its texts, and no wider."""
    assert drawn(80, ("a-1", PROSE, MOMENT, "1")) == [
        "id  why                             at                n",
        "a-1 nobody has looked at it in time 2026-03-02 21:45Z 1",
    ]


def test_where_room_is_short_prose_is_folded_first() -> None:
    """Between its words."""
    assert drawn(44, ("a-1", PROSE, MOMENT, "1"))[1:] == [
        "a-1 nobody has looked at 2026-03-02 21:45Z 1",
        "    it in time",
    ]


def test_what_has_no_room_side_by_side_stands_one_below_the_other() -> None:
    """What is not there takes no line."""
    name = "partner-" + "x" * 20
    lines = drawn(48, (name, PROSE, MOMENT, "1"), ("a-1", "", MOMENT, "2"))
    assert lines == [
        "id                           why               n",
        "                             at",
        f"{name} nobody has looked 1",
        "                             at it in time",
        "                             2026-03-02 21:45Z",
        "a-1                          2026-03-02 21:45Z 2",
    ]


def test_rows_of_several_lines_stand_apart_where_that_is_asked() -> None:
    """And rows of one line do not."""
    rows = [("a-1", "why not"), ("a-2", "who says")]
    for width, empty in ((40, 0), (7, 2)):
        written = StringIO()
        console = Console(file=written, width=width)
        console.print(TerminalList([ID, WHY], rows, [((0,), (1,)), ((0, 1),)], apart=True))
        lines = [line.strip() for line in written.getvalue().splitlines()]
        assert lines.count("") == empty, lines


def test_a_number_that_there_is_none_of_leaves_its_line_empty() -> None:
    """The next one would be taken for it."""
    numbers = [Column(name, whole=True, side="right") for name in ("waits", "p50")]
    written = StringIO()
    Console(file=written, width=40).print(TerminalList(numbers, [("", "83 ms"), ("7", "")], [((0, 1),)]))
    assert [line.strip() for line in written.getvalue().splitlines()] == ["waits", "p50", "", "83 ms", "7", ""]


def test_where_no_layout_has_room_the_longest_is_broken_and_nothing_else() -> None:
    """Nothing of it is cut off."""
    written = StringIO()
    Console(file=written, width=40).print(TerminalList([ID, AT], [("x" * 30, MOMENT)], [((0,), (1,))]))
    assert written.getvalue().count("x") == 30
    assert MOMENT in written.getvalue()
    assert max(map(len, written.getvalue().splitlines())) <= 40


def test_brackets_and_styles_are_what_they_were() -> None:
    """A text is shown as it is written, and red stays red."""
    written = StringIO()
    console = Console(file=written, width=80, force_terminal=True, color_system="standard")
    console.print(TerminalList([ID, WHY], [("[a]", Text("late", "bold red"))], [((0,), (1,)), ((0, 1),)]))
    assert "[a]" in written.getvalue()
    assert "\x1b[1;31mlate\x1b[0m" in written.getvalue()
