"""A laptop's world: embedded Apache Kafka, sample corporations, partners that behave and misbehave."""
