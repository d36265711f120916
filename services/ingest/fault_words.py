"""FAULT WORDS: what may be wrong with `sources.yaml`, in English and Dutch. Names of fields stay."""

from typing import Final

from schemas.words import Words

ITSELF: Final = Words("Seinpaal itself", "Seinpaal zelf")
OUTCOMES: Final = Words("the outcomes of {}", "de uitkomsten van {}")
CORPORATION_TWICE: Final = Words(
    "{} stands here twice. Give each corporation an id of its own",
    "{} staat hier twee keer. Geef elke corporatie een eigen id",
)
SOURCE_TWICE: Final = Words(
    "{} stands here twice. Give each source a name of its own", "{} staat hier twee keer. Geef elke bron een eigen naam"
)
TOPIC_TAKEN: Final = Words("{} is read by {} already. Use another", "{} is al in gebruik voor {}. Neem een ander")
URN_TAKEN: Final = Words(
    "{0} is {1}'s already: records of {1} and {2} would share ids. Give each its own",
    "{0} is al van {1}: records van {1} en {2} kregen dan dezelfde id's. Geef elk een eigen",
)
TABLE_TAKEN: Final = Words(
    "{} has the name of {}: their rows would share ids. Give it a source with a URN of its own",
    "{} heet zoals {}: hun rijen kregen dan dezelfde id's. Geef haar een bron met een eigen URN",
)
OTHER_COUNTRY: Final = Words("{} is not written in {}. Use another", "{} wordt in {} niet geschreven. Neem een andere")
NO_CODE: Final = Words(
    "is no code. Write it as CODE or CODE.DETAIL, without spaces",
    "is geen code. Schrijf CODE of CODE.DETAIL, zonder spaties",
)
NOTHING_NOTICED: Final = Words(
    "tells that nothing was noticed. Only `ignore` can be said of it",
    "zegt dat er niets is opgemerkt. Daar kan alleen `ignore` bij staan",
)
WHERE_IT_STANDS: Final = Words(
    "tells where a record stands, not what was noticed. Only `ignore` or `withdraw` can be said of it",
    "zegt hoe ver iets is, niet wat is opgemerkt. Daar kan alleen `ignore` of `withdraw` bij staan",
)
ONLY_A_STATUS: Final = Words(
    "is what was noticed, and takes nothing back. `withdraw` is said of a status, such as status.9",
    "is wat is opgemerkt, en trekt niets in. `withdraw` staat bij een status, zoals status.9",
)
STANDS: Final = Words(
    "tells in VERA that a record stands or is done with, not that it was wrong. Say `ignore`, or nothing",
    "zegt in VERA dat iets loopt of klaar is, niet dat het onjuist was. Schrijf `ignore`, of laat het weg",
)
OF_A_REPAIR: Final = Words(
    "is of a repair: who has it cancelled may be the reason for it, so it stays a signal. Say `ignore`, or nothing",
    "is van een reparatie: wie die laat annuleren, kan de reden zijn. Het blijft een signaal: schrijf `ignore`, of "
    "laat het weg",
)
IN_SMALL_LETTERS: Final = Words(
    "is taken for a code of an event. Write `status.` or `missing` in small letters",
    "geldt zo als code van een gebeurtenis. Schrijf `status.` of `missing` met kleine letters",
)
NO_CODES: Final = Words(
    "is empty, so that every event would be parked. Map their codes to ours",
    "is leeg, zodat elke gebeurtenis apart zou worden gezet. Zet er uw codes in, met wat ze betekenen",
)
FOR_DEBEZIUM: Final = Words(
    "is for debezium, and this is {}. Remove it", "is voor debezium, en dit is {}. Haal het weg"
)
NO_AREA: Final = Words(
    "{} is in no file of areas/ for {}. Add it there, or correct it",
    "{} staat in geen bestand van areas/ voor {}. Voeg het daar toe, of verbeter het",
)
NOWHERE: Final = Words(
    "never tells where: map one of {}, or give defaults.area",
    "zegt nooit waar: wijs een kolom aan voor een van {}, of geef defaults.area",
)
NO_FIELD: Final = Words("is no field of ours. {}", "is geen veld van ons. {}")
NOT_MAPPED: Final = Words(
    "maps nothing to {}. Say which column holds it", "wijst niets aan voor {}. Zeg in welke kolom het staat"
)
NO_AREAS: Final = Words(
    "{}: no .yaml file is in it. Say which areas there are",
    "{}: er staat geen .yaml-bestand in. Zeg welke gebieden er zijn",
)
