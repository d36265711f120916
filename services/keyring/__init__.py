"""Data keys per case: making, wrapping, sealing, opening; erasure is the destruction of one key."""
