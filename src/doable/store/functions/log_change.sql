create or replace function doable.log_{table}() returns trigger language plpgsql as $$
-- Append to changes what a statement did, and write back how far count_change has counted. What a statement deletes is
-- counted here; rows that go with their owner find no counter and leave no trace.
-- `undo` is what takes the change back: nothing for a creation, the old values of the columns that changed for an
-- update, the whole row for a deletion. An update that moves a row to the trash is a deletion too. A loop over the columns of any row would cost an update a sixth more, so
-- `functions` writes them here. Whatever a table calls its columns, names without a table are those below.
-- A plan is kept for the whole session, and one made for a single row must not be a nested loop when a million come:
-- full joins never are, and the conditions are written so that they stay full ones.
#variable_conflict use_variable
declare
  counter text := coalesce(current_setting('doable.counter', true), '');
  counted text := split_part(counter, ' ', 1);
  -- What a transaction may say with `set local`. Who acts for the owner:
  actor text := nullif(current_setting('doable.actor', true), '');
  -- The first revision of the operation that the changes belong to, where one has several; 'new' before the first:
  operation text := nullif(current_setting('doable.operation', true), '');
  began bigint;
  ended bigint;
  -- What happened, where the columns can't tell:
  action text := nullif(current_setting('doable.action', true), '');
  -- The name of the access token that acts, as hexadecimal UTF-8:
  via text := convert_from(decode(nullif(current_setting('doable.via', true), ''), 'hex'), 'utf8');
begin
  if counted like '+%' then
    update doable.users set revision = counted::bigint
    where id = substr(counter, strpos(counter, ' ') + 1);
  end if;
  if counter <> '' then
    counter := set_config('doable.counter', '', true);
  end if;

  if operation is not null then
    if tg_op = 'DELETE' then
      perform from doable.users where id in (select before.user_id from before) for no key update;
      select min(users.revision) + 1, max(users.revision) + count(*) into began, ended
      from before join doable.users on users.id = before.user_id;
    elsif tg_op = 'UPDATE' then
      select min(after.revision), max(after.revision) into began, ended
      from before full join after using (user_id, id)
      where before.revision is distinct from after.revision;
    else
      select min(after.revision), max(after.revision) into began, ended from after;
    end if;
    if operation = 'new' then
      operation := began;  -- Null when nothing changes: then the next statement begins the operation.
      perform set_config('doable.operation', coalesce(operation, 'new'), true);
    end if;
    if ended - operation::bigint >= 20000 then
      raise exception 'too many rows change' using errcode = 'check_violation', constraint = 'too_much';
    end if;
  end if;

  if tg_op = 'INSERT' then
    insert into doable.changes (user_id, revision, type, object_id, kind, at, actor, via, operation, action)
    select after.user_id, after.revision, tg_argv[0], after.id, 'created', after.updated_at,
      coalesce(actor, after.user_id), via, operation::bigint, action
    from after;
  elsif tg_op = 'UPDATE' then
    insert into doable.changes (user_id, revision, type, object_id, kind, at, actor, via, undo, operation, action)
    select after.user_id, after.revision, tg_argv[0], after.id, {updated}, after.updated_at,
      coalesce(actor, after.user_id), via,
      to_jsonb(before.*) - array[
        {unchanged}
      ],
      operation::bigint, action
    from before full join after using (user_id, id)
    where before.revision is distinct from after.revision;
  else
    with gone as (
      select before.user_id, count(*) as rows from before group by before.user_id
    ), owner as (
      update doable.users set revision = users.revision + gone.rows
      from gone where users.id = gone.user_id
      returning users.id as user_id, users.revision - gone.rows as revision
    )
    insert into doable.changes (user_id, revision, type, object_id, kind, at, actor, via, undo, operation, action)
    select before.user_id, owner.revision + row_number() over (partition by before.user_id order by before.id),
      tg_argv[0], before.id, 'deleted',
      -- After all that happened to it before, also when the clock was set back: what is pruned first is the oldest.
      greatest(clock_timestamp(), before.updated_at + interval '1 microsecond'),
      coalesce(actor, before.user_id), via, to_jsonb(before.*),
      operation::bigint, action
    from before full join owner using (user_id)
    where (owner.revision is null) is false;
  end if;
  return null;
end
$$
