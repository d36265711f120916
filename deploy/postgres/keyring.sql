-- The keyring has a database of its own, so that its backups can be kept apart and shorter.
CREATE DATABASE keyring;
