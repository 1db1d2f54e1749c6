-- Run once by the owner of a new database: the role as which the service runs can read and write and not change the
-- schema. The password is in the environment of psql.
\getenv password DOABLE_SERVICE_PASSWORD
create role doable_service login password :'password';
alter default privileges grant usage on schemas to doable_service;
alter default privileges grant select, insert, update, delete on tables to doable_service;
