-- A database and a role for each stage that keeps state, as an administrator, with psql:
--   ROUTER_PASSWORD=… NOTIFY_PASSWORD=… AUDIT_PASSWORD=… CONSOLE_PASSWORD=… psql -f stages.sql
-- Each stage makes its own tables at its start. The keyring's database is made on a server of its own.
\set ON_ERROR_STOP on
\getenv router_password ROUTER_PASSWORD
\getenv notify_password NOTIFY_PASSWORD
\getenv audit_password AUDIT_PASSWORD
\getenv console_password CONSOLE_PASSWORD

CREATE ROLE router LOGIN PASSWORD :'router_password';
CREATE ROLE notify LOGIN PASSWORD :'notify_password';
CREATE ROLE audit LOGIN PASSWORD :'audit_password';
CREATE ROLE console LOGIN PASSWORD :'console_password';

CREATE DATABASE router OWNER router;
CREATE DATABASE notify OWNER notify;
CREATE DATABASE audit OWNER audit;
REVOKE CONNECT ON DATABASE router, notify, audit FROM PUBLIC;
GRANT CONNECT ON DATABASE audit, notify TO console;

-- The console reads the log and the ledger, and changes neither.
\connect audit
GRANT USAGE ON SCHEMA public TO console;
ALTER DEFAULT PRIVILEGES FOR ROLE audit IN SCHEMA public GRANT SELECT ON TABLES TO console;
\connect notify
GRANT USAGE ON SCHEMA public TO console;
ALTER DEFAULT PRIVILEGES FOR ROLE notify IN SCHEMA public GRANT SELECT ON TABLES TO console;
