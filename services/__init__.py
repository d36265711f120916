"""Seinpaal's stages, each a package: ingest, router, notify, audit, console; and what they stand on."""
