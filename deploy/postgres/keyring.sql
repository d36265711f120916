-- The keyring's database and role, on a server of its own, as an administrator, with psql:
--   KEYRING_PASSWORD=… psql -f keyring.sql
\set ON_ERROR_STOP on
\getenv keyring_password KEYRING_PASSWORD

CREATE ROLE keyring LOGIN PASSWORD :'keyring_password';
CREATE DATABASE keyring OWNER keyring;
REVOKE CONNECT ON DATABASE keyring FROM PUBLIC;
