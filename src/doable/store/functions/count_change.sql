create or replace function doable.count_change() returns trigger language plpgsql as $$
-- Take the owner's next revision under the lock on the owner's row, which is held to the end of the transaction, and
-- stamp the row with it: revisions are dense and in the order of the commits. The first row of a statement takes its
-- revision from the owner's row; the next ones count on in doable.counter, and log_change writes back where it ended.
declare
  counter text := coalesce(current_setting('doable.counter', true), '');
  counted text := split_part(counter, ' ', 1);
  next bigint;
  moment timestamptz;
begin
  if tg_op = 'UPDATE' then
    if new.user_id <> old.user_id or new.id <> old.id then
      raise exception 'the key of a row never changes' using errcode = 'restrict_violation';
    end if;
    new.created_at := old.created_at;
    new.updated_at := old.updated_at;
    new.revision := old.revision;
    if new is not distinct from old then
      return new;  -- Nothing changes, so nothing is counted; the row still answers to RETURNING.
    end if;
  end if;

  if counter = counted || ' ' || new.user_id then
    next := counted::bigint + 1;
    counter := set_config('doable.counter', '+' || next || ' ' || new.user_id, true);
  else
    if counted like '+%' then
      update doable.users set revision = counted::bigint
      where id = substr(counter, strpos(counter, ' ') + 1);
    end if;
    update doable.users set revision = revision + 1 where id = new.user_id returning revision into next;
    if not found then
      -- As the foreign key would say it, but now: an owner who appears before its check would find a row uncounted.
      raise exception 'the owner of the row is not there: %_user_id_fkey', tg_table_name
        using errcode = 'foreign_key_violation', constraint = tg_table_name || '_user_id_fkey';
    end if;
    counter := set_config('doable.counter', next || ' ' || new.user_id, true);  -- A third of what `perform` costs.
  end if;

  -- The first key of core/ordering.py, after those of all earlier objects.
  if tg_op = 'INSERT' and new.position is null then
    new.position := chr(96 + length(to_hex(new.id))) || to_hex(new.id);
  end if;

  moment := clock_timestamp();  -- After the lock: now() would be the start of the transaction, before it.
  if tg_op = 'INSERT' then
    -- Only what undo brings back is as old as it was.
    if new.created_at is null or current_setting('doable.action', true) is distinct from 'restored' then
      new.created_at := moment;
    end if;
  else
    moment := greatest(moment, old.updated_at + interval '1 microsecond');  -- Also when the clock was set back.
  end if;
  new.updated_at := moment;
  new.revision := next;
  return new;
end
$$
