-- Run once by the owner of a new database: the role as which the service runs can read and write and not change the
-- schema. The password is in the environment of psql.
\getenv password DOABLE_SERVICE_PASSWORD
create role doable_service login password :'password';
-- For statements and transactions that nobody is left to stop; more than DOABLE_DATABASE_TIMEOUT.
alter role doable_service set statement_timeout = '15s';
alter role doable_service set idle_in_transaction_session_timeout = '15s';
alter default privileges grant usage on schemas to doable_service;
alter default privileges grant select, insert, update, delete on tables to doable_service;
-- `doable backup` reads where the numbers of new rows stand. Lists and labels take theirs from the sequence of tasks.
alter default privileges grant select, usage on sequences to doable_service;
