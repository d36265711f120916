"""The FHIR R4 transaction: built, validated, read back."""
