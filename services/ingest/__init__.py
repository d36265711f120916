"""SOURCE EVENT -> SIGNAL: takes a tenant system's own event, normalises it, seals it."""
