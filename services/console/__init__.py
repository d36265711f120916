"""The web pages and what spans the stages: the live stream, the reconciliation."""
