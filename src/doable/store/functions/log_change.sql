create or replace function doable.log_change() returns trigger language plpgsql as $$
-- Append to changes what a statement did, and write back how far count_change has counted. What a statement deletes is
-- counted here; rows that go with their owner find no counter and leave no trace.
-- A plan is kept for the whole session, and one made for a single row must not be a nested loop when a million come:
-- full joins never are, and the conditions are written so that they stay full ones.
declare
  counter text := coalesce(current_setting('doable.counter', true), '');
  counted text := split_part(counter, ' ', 1);
  -- Whoever acts for the owner says so in the transaction: set local doable.actor = '…'.
  actor text := nullif(current_setting('doable.actor', true), '');
begin
  if tg_op = 'INSERT' then
    insert into doable.changes (user_id, revision, type, object_id, kind, at, actor, before, after)
    select user_id, revision, tg_argv[0], id, 'created', updated_at, coalesce(actor, user_id), null, to_jsonb(after)
    from after;
  elsif tg_op = 'UPDATE' then
    insert into doable.changes (user_id, revision, type, object_id, kind, at, actor, before, after)
    select user_id, after.revision, tg_argv[0], id,
      case
        when after.status = before.status then 'updated' when after.status = 'complete' then 'completed' else 'reopened'
      end,
      after.updated_at, coalesce(actor, user_id), to_jsonb(before), to_jsonb(after)
    from before full join after using (user_id, id)
    where before.revision is distinct from after.revision;
  else
    with gone as (
      select user_id, count(*) as rows from before group by user_id
    ), owner as (
      update doable.users set revision = revision + gone.rows
      from gone where users.id = gone.user_id
      returning users.id as user_id, users.revision - gone.rows as revision
    )
    insert into doable.changes (user_id, revision, type, object_id, kind, at, actor, before, after)
    select user_id, owner.revision + row_number() over (partition by user_id order by id), tg_argv[0], id, 'deleted',
      clock_timestamp(), coalesce(actor, user_id), to_jsonb(before), null
    from before full join owner using (user_id)
    where (owner.revision is null) is false;
  end if;

  if counted like '+%' then
    update doable.users set revision = counted::bigint
    where id = substr(counter, strpos(counter, ' ') + 1);
  end if;
  if counter <> '' then
    counter := set_config('doable.counter', '', true);
  end if;
  return null;
end
$$
