"""CONDITION: CEL text over the names of the vocabulary, read once, so that what it says can be checked beforehand.

The part of CEL a rule may use is small: `== != < <= > >= in && || !`, names, codes between quotes and whole numbers.
Within it a condition can tell only a few values of each fact apart, so trying those is trying all.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from cel import Context, Program
from cel import compile as compile_cel

from schemas.words import Words, filled
from services.router import rule_words as words
from services.router.vocabulary import NAMES, Name, meaning, near, recalls

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|[A-Za-z_]\w*|\d+(?:\.\d+)?|==|!=|<=|>=|&&|\|\||\S')
_EQUAL: Final = ("==", "!=")
_ORDER: Final = ("<", "<=", ">", ">=")
_FUNCTIONS: Final = frozenset(
    {"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "_&&_", "_||_", "!_", "@in"}
)  # as CEL calls its operators
_SHOWN: Final = 60
"""Characters of a rule's own text that are said again."""

_WORDS: Final = frozenset({"true", "false", "in"})


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that can be tried on signals. `literals` holds the values it compares each name with.

    `recalls`: it looks at the memory of the household, so what it finds is a pattern.
    """

    text: str
    program: Program
    names: tuple[str, ...]
    literals: dict[str, frozenset[str | int]]
    recalls: bool = False

    def holds(self, context: Context | dict[str, Any]) -> bool:
        """Whether it holds.

        Raises:
            TypeError: when the answer is not yes or no. What CEL itself raises passes through.
        """
        answer = self.program.execute(context)
        if not isinstance(answer, bool):
            raise TypeError("the condition's answer is not yes or no")
        return answer

    def answer(self, context: Context | dict[str, Any]) -> bool | None:
        """The same; None when it does not say yes or no, whatever the reason."""
        try:
            answer = self.program.execute(context)
        except Exception:  # noqa: BLE001  CEL raises many kinds, and all of them mean that there is no answer
            return None
        return answer if answer is True or answer is False else None


def read(text: str) -> tuple[Condition | None, list[Words]]:
    """The condition, or None, and every sentence there is to say about it."""
    try:
        program = compile_cel(text)
    except ValueError as error:
        return None, [filled(words.NO_CEL, _first(error))]
    names = tuple(name for name in program.variables() if name not in _WORDS)
    faults = [_unknown(name) for name in names if meaning(name) is None]
    faults += [filled(words.NOT_USED, function.strip("_@")) for function in program.functions() if _foreign(function)]
    if faults:
        return None, faults
    comparisons = _Comparisons(_TOKEN.findall(text))
    literals = {name: frozenset(values) for name, values in comparisons.literals.items()}
    return Condition(text, program, names, literals, recalls(names)), comparisons.faults


def _foreign(function: str) -> bool:
    return function not in _FUNCTIONS


def _unknown(name: str) -> Words:
    for whose, known in NAMES.items():
        for code in known.codes:
            if name in (code, code.partition(".")[0]):  # CEL reads noise.violence as a part of noise
                return filled(words.A_CODE, code, whose)
    return filled(words.NO_FACT, name[:_SHOWN], meant(name, near(name)))


def meant(word: str, among: tuple[str, ...]) -> Words:
    """`; did you mean …?`, or nothing when nothing is near."""
    near = get_close_matches(word, among, n=1, cutoff=0.5)
    return filled(words.MEANT, near[0]) if near else Words("", "")


def _first(error: ValueError) -> Words:
    """What CEL's parser stumbled over first, without the picture it draws."""
    found = re.search(r"ERROR: <input>:(\d+):(\d+): (?:Syntax error: )?(.{1,160})", str(error))
    return filled(words.COLUMN, found[2], _problem(found[3])) if found else words.NOT_PARSED


def _problem(called: str) -> Words:
    if "Recursion limit" in called:
        return words.TOO_DEEP
    for pattern, said in words.PROBLEMS.items():
        if match := re.match(pattern, called):
            return filled(said, *match.groups())
    return filled(words.IN_ENGLISH, called)


class _Comparisons:
    """Goes over the tokens once, and notes which name is compared with which literal."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self.faults: list[Words] = []
        self.literals: dict[str, set[str | int]] = {}
        self._placed: set[int] = set()
        for place, token in enumerate(tokens):
            if token in _EQUAL or token in _ORDER:
                self._pair(place, token)
            elif token == "in":  # noqa: S105  a word of CEL
                self._membership(place)
        for place, token in enumerate(tokens):
            if token[0] in "\"'" and place not in self._placed:
                self.faults.append(filled(words.ALONE, token))

    def _at(self, place: int) -> str:
        return self._tokens[place] if 0 <= place < len(self._tokens) else ""

    def _pair(self, place: int, operator: str) -> None:
        left, right = self._at(place - 1), self._at(place + 1)
        if meaning(left) and meaning(right):
            self.faults.append(filled(words.TWO_FACTS, left, operator, right))
        elif meaning(left):
            self._compare(left, right, operator, place + 1)
        elif meaning(right):
            self._compare(right, left, operator, place - 1)
        else:
            self.faults.append(filled(words.SIDES, left, operator, right))

    def _membership(self, place: int) -> None:
        left, right = self._at(place - 1), self._at(place + 1)
        if right == "[" and meaning(left):
            end = place + 2
            while self._at(end) not in ("]", ""):
                if self._at(end) != ",":
                    self._compare(left, self._at(end), "==", end)
                end += 1
        elif (listed := meaning(right)) and listed.shape == "codes":
            self._literal(right, listed, left, place - 1)
        else:
            self.faults.append(filled(words.MEMBERSHIP, left, right))

    def _compare(self, name: str, literal: str, operator: str, place: int) -> None:
        known = meaning(name)
        if known is None:
            return
        if operator in _ORDER and known.shape != "number":
            self.faults.append(filled(words.NOT_ORDERED, name, operator))
        elif known.shape == "codes":
            self.faults.append(filled(words.A_LIST, known.codes[0], name))
        else:
            self._literal(name, known, literal, place)

    def _literal(self, name: str, known: Name, literal: str, place: int) -> None:
        self._placed.add(place)
        if known.shape == "yes-no":
            if literal not in ("true", "false"):
                self.faults.append(filled(words.YES_NO, name))
        elif known.shape == "number":
            if not literal.isdecimal():
                self.faults.append(filled(words.WHOLE, name, literal))
            else:
                self.literals.setdefault(name, set()).add(int(literal))
        elif literal[:1] not in ('"', "'"):
            self.faults.append(filled(words.QUOTED, name, literal))
        else:
            self._code(name, known, literal[1:-1])

    def _code(self, name: str, known: Name, code: str) -> None:
        if "\\" in code:
            self.faults.append(filled(words.BACKSLASH, name))
        elif known.codes and code not in known.codes:
            self.faults.append(self._wrong(name, known, code[:_SHOWN]))
        else:
            self.literals.setdefault(name, set()).add(code)

    @staticmethod
    def _wrong(name: str, known: Name, code: str) -> Words:
        if name in ("acute", "structural") and code == "unknown":
            return filled(words.NEVER_UNKNOWN, name)
        return filled(words.NO_CODE, code, name, meant(code, known.codes))
