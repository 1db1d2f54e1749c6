create or replace function doable.log_{table}() returns trigger language plpgsql as $$
-- Append to changes what a statement did, and write back how far count_change has counted. What a statement deletes is
-- counted here; rows that go with their owner find no counter and leave no trace.
-- `undo` is what takes the change back: nothing for a creation, the old values of the columns that changed for an
-- update, the whole row for a deletion. An update that moves a row to the trash is a deletion too. A loop over the
-- columns of any row would cost an update a sixth more, so `functions` writes them here. Whatever a table calls its
-- columns, names without a table are those below.
-- The rows of the statement go into arrays first: with Citus, one statement can't read them together with our tables.
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
  -- What happened, where the columns can't tell:
  action text := nullif(current_setting('doable.action', true), '');
  -- The name of the access token that acts, as hexadecimal UTF-8:
  via text := convert_from(decode(nullif(current_setting('doable.via', true), ''), 'hex'), 'utf8');
  changes doable.changes[];
  -- Those whose rows were deleted, and their revisions before that.
  deleters text[] := '{}';
  bases bigint[] := '{}';
  deleter text;
  deleted bigint;
  base bigint;
begin
  if counted like '+%' then
    update doable.users set revision = counted::bigint
    where id = substr(counter, strpos(counter, ' ') + 1);
  end if;
  if counter <> '' then
    counter := set_config('doable.counter', '', true);
  end if;

  if tg_op = 'INSERT' then
    select array_agg(row(
      after.user_id, after.revision, tg_argv[0], after.id, 'created', after.updated_at, coalesce(actor, after.user_id),
      null::jsonb, null::bigint, action, via
    )::doable.changes) into changes from after;
  elsif tg_op = 'UPDATE' then
    select array_agg(row(
      after.user_id, after.revision, tg_argv[0], after.id, {updated}, after.updated_at, coalesce(actor, after.user_id),
      to_jsonb(before.*) - array[
        {unchanged}
      ],
      null::bigint, action, via
    )::doable.changes)
    into changes
    from before full join after using (user_id, id)
    where before.revision is distinct from after.revision;
  else
    for deleter, deleted in select before.user_id, count(*) from before group by 1 order by 1 loop
      update doable.users set revision = revision + deleted where id = deleter returning revision - deleted into base;
      if found then
        deleters := deleters || deleter;
        bases := bases || base;
      end if;
    end loop;
    select array_agg(row(
      gone.user_id, gone.revision, tg_argv[0], gone.id, 'deleted',
      -- After all that happened to it before, also when the clock was set back: what is pruned first is the oldest.
      greatest(clock_timestamp(), gone.updated_at + interval '1 microsecond'),
      coalesce(actor, gone.user_id), gone.undo, null::bigint, action, via
    )::doable.changes)
    into changes
    from (
      select before.user_id, owner.base + row_number() over (partition by before.user_id order by before.id) as revision,
        before.id, before.updated_at, to_jsonb(before.*) as undo
      from before full join unnest(deleters, bases) as owner(user_id, base) using (user_id)
      where (owner.base is null) is false
    ) as gone;
  end if;

  if operation is not null then
    if operation = 'new' then
      operation := (select min(revision) from unnest(changes));
      -- Null when nothing changes: then the next statement begins the operation.
      perform set_config('doable.operation', coalesce(operation, 'new'), true);
    end if;
    if (select max(revision) from unnest(changes)) - operation::bigint >= 20000 then
      raise exception 'too many rows change: too_much' using errcode = 'check_violation', constraint = 'too_much';
    end if;
  end if;

  if cardinality(changes) > 0 then
    insert into doable.changes (user_id, revision, type, object_id, kind, at, actor, via, undo, operation, action)
    select change.user_id, change.revision, change.type, change.object_id, change.kind, change.at, change.actor,
      change.via, change.undo, operation::bigint, change.action
    from unnest(changes) as change;
  end if;
  return null;
end
$$
