create or replace function doable.trash_task(
  owner text, root bigint, revisions bigint[]
) returns bigint language plpgsql as $$
-- Move a task and its subtasks to the trash, as one operation. Returns the new revision of the task, and null if there is
-- none with one of these revisions.
declare
  outer_operation text := coalesce(current_setting('doable.operation', true), '');
  moment timestamptz := clock_timestamp();
  told bigint;
begin
  perform from doable.tasks
  where user_id = owner and id = root and deleted_at is null and (revisions is null or revision = any(revisions))
  for update;
  if not found then
    return null;
  end if;
  -- As store/tasks.py: no subtask comes or goes from here to the end of the transaction.
  perform pg_advisory_xact_lock(hashtextextended(owner, 0));
  if outer_operation = '' then
    perform set_config('doable.operation', 'new', true);
  end if;
  with recursive below as (
    select root as id
    union all
    select tasks.id
    from below join doable.tasks on tasks.user_id = owner and tasks.parent_id = below.id and tasks.deleted_at is null
  ), gone as (
    update doable.tasks set deleted_at = moment, deleted_with = root
    from (select id from below limit 20001) as below
    where tasks.user_id = owner and tasks.id = below.id and tasks.deleted_at is null
    returning tasks.id, tasks.revision
  )
  select revision into told from gone where id = root;
  if outer_operation = '' then
    perform set_config('doable.operation', '', true);
  end if;
  return told;
end
$$
