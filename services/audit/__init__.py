"""FACTS -> PROOF: keeps every fact of audit.v1 as it was written, and tells the story of a signal."""
