create or replace function doable.count_settings() returns trigger language plpgsql as $$
-- A user's settings count as a change of what the user owns. In the log, its type is `user` and it needs no id.
-- The update of settings is a statement of its own, so count_change is not counting at this moment.
declare
  undo jsonb := (
    select jsonb_object_agg(key, value)
    from jsonb_each(to_jsonb(old))
    where key in ('name', 'time_zone', 'week_start', 'day_start', 'date_order') and value <> to_jsonb(new) -> key
  );
begin
  if undo is not null then
    new.revision := old.revision + 1;
    new.settings_revision := new.revision;
    insert into doable.changes (user_id, revision, type, object_id, kind, at, actor, via, undo)
    values (
      new.id, new.revision, 'user', 0, 'updated', clock_timestamp(),
      coalesce(nullif(current_setting('doable.actor', true), ''), new.id),
      convert_from(decode(nullif(current_setting('doable.via', true), ''), 'hex'), 'utf8'), undo
    );
  end if;
  return new;
end
$$
