"""Care partners on a laptop: a FHIR R4 server and a webhook receiver, which behave or misbehave as told."""
