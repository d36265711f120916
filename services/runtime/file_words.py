"""FILE WORDS: why a file that somebody named cannot be read, in English and Dutch."""

from typing import Final

from schemas.words import Words, filled
from services.runtime.plain_file import NoFile

NOT_THERE: Final = Words("there is no such file", "dat bestand is er niet")
FOLDER: Final = Words("it is a folder", "het is een map")
NOT_ALLOWED: Final = Words("we may not read it", "wij mogen het niet lezen")
NO_FILE: Final = Words("it is a pipe, a socket or a device", "het is een pipe, een socket of een apparaat")
NO_TEXT: Final = Words("it is no text in UTF-8", "het is geen tekst in UTF-8")
OTHERWISE: Final = Words("the system says {}", "het systeem zegt {}")


def unread(error: OSError | UnicodeDecodeError) -> Words:
    """Why. Nothing of what is in it, nor of where it is, stands in that."""
    match error:
        case FileNotFoundError():
            return NOT_THERE
        case IsADirectoryError():
            return FOLDER
        case PermissionError():
            return NOT_ALLOWED
        case NoFile():
            return NO_FILE
        case UnicodeDecodeError():
            return NO_TEXT
        case _:
            return filled(OTHERWISE, type(error).__name__)
