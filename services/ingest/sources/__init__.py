"""One adapter a file: a tenant system's own shape -> our draft of a signal."""
