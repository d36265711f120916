"""WEB WORDS: why a web server cannot listen where it was told to, in English and Dutch."""

from typing import Final

from schemas.words import Words

CANNOT_LISTEN: Final = Words(
    "{}: cannot listen on {} ({}). Choose another {}", "{}: kan niet luisteren op {} ({}). Kies een andere {}"
)
IN_USE: Final = Words("somebody listens there already", "daar luistert al iets")
