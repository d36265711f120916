"""CONNECTION WORDS: what stands between us and a broker, in English and Dutch, with what to do."""

from typing import Final

from schemas.words import Words

AT: Final = Words("Kafka at {} {}", "Kafka op {} {}")
NO_RIGHTS: Final = Words(
    "does not allow it ({}): give the user of KAFKA_USERNAME or KAFKA_CERTFILE its rights",
    "staat het niet toe ({}): geef de gebruiker van KAFKA_USERNAME of KAFKA_CERTFILE zijn rechten",
)
NO_ENTRY: Final = Words(
    "does not let us in ({}): check KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_SASL_MECHANISM",
    "laat ons niet binnen ({}): controleer KAFKA_USERNAME, KAFKA_PASSWORD en KAFKA_SASL_MECHANISM",
)
SILENT: Final = Words(
    "does not answer ({}): start it, or correct KAFKA_BOOTSTRAP. If it runs, does it speak {}, as "
    "KAFKA_SECURITY_PROTOCOL says?",
    "antwoordt niet ({}): start hem, of verbeter KAFKA_BOOTSTRAP. Als hij draait, spreekt hij dan {}, zoals "
    "KAFKA_SECURITY_PROTOCOL zegt?",
)
UNWILLING: Final = Words(
    "does not do as asked ({}): its own log says why", "doet niet wat wij vragen ({}): zijn eigen logboek zegt waarom"
)
NO_ADDRESS: Final = Words(
    "KAFKA_BOOTSTRAP: should be host:port, several with commas, like kafka-1:9092,kafka-2:9092",
    "KAFKA_BOOTSTRAP: hoort host:poort te zijn, meer met komma's ertussen, zoals kafka-1:9092,kafka-2:9092",
)
NO_USER: Final = Words(
    "KAFKA_SECURITY_PROTOCOL: is {}. Give KAFKA_USERNAME and KAFKA_PASSWORD too",
    "KAFKA_SECURITY_PROTOCOL: is {}. Geef ook KAFKA_USERNAME en KAFKA_PASSWORD",
)
