"""EMIT WORDS: what `seinpaal sandbox emit` tells people, in English and Dutch."""

from typing import Final

from schemas.words import Words

ELSEWHERE: Final = Words(
    "KAFKA_BOOTSTRAP is no address of this machine: made-up events are written on a sandbox's broker",
    "KAFKA_BOOTSTRAP is geen adres van deze machine: verzonnen gebeurtenissen gaan naar de broker van een sandbox",
)
NO_VALUE: Final = Words(
    "an event of that file has no value: only what a system writes is written, no tombstones",
    "een gebeurtenis in dat bestand heeft geen inhoud: geschreven wordt wat een systeem schrijft, geen tombstones",
)
NO_AREA: Final = Words("no area we know", "geen gebied dat wij kennen")
