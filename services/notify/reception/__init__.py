"""RECEPTION: where partners reach us: they report how it goes, and fetch what is theirs. FHIR R4 over HTTP."""
