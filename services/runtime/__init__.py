"""What any service needs to run: kafka, database, settings, logging, metrics, tracing, health, clock, trail."""
