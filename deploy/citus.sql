-- Spread the users of Doable over the nodes of a Citus cluster. docs/citus.md says when, and how.
-- Run it on the coordinator, as the owner of the tables, after `doable migrate`. A second run changes nothing.
\set ON_ERROR_STOP on
begin;

-- All that a user owns is on one node: the tables are distributed by the user's id, together.
do $$
declare
  owned text[] := array[
    'lists', 'labels', 'filters', 'tasks', 'completions', 'changes', 'idempotency_keys', 'passwords', 'sessions',
    'access_tokens', 'event_tickets'
  ];
  name text;
begin
  if not exists (select from pg_dist_partition where logicalrelid = 'doable.installation'::regclass) then
    perform create_reference_table('doable.installation');
  end if;
  if not exists (select from pg_dist_partition where logicalrelid = 'doable.addresses'::regclass) then
    perform create_distributed_table('doable.addresses', 'address');
  end if;
  if not exists (select from pg_dist_partition where logicalrelid = 'doable.users'::regclass) then
    perform create_distributed_table('doable.users', 'id', colocate_with => 'none');
  end if;
  foreach name in array owned loop
    if not exists (select from pg_dist_partition where logicalrelid = ('doable.' || name)::regclass) then
      perform create_distributed_table('doable.' || name, 'user_id', colocate_with => 'doable.users');
    end if;
  end loop;
end $$;

-- What the service tells the triggers with `set local` must reach them (src/doable/store/functions/log_change.sql).
do $$ begin
  execute format('alter database %I set citus.propagate_set_commands = %L', current_database(), 'local');
end $$;

commit;
