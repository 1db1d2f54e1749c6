create or replace function doable.trash_task(
  owner text, root bigint, revisions bigint[]
) returns bigint language plpgsql as $$
-- Move a task and its subtasks to the trash, as one operation. Returns the new revision of the task, and null if there is
-- none with one of these revisions.
declare
  outer_operation text := coalesce(current_setting('doable.operation', true), '');
  members bigint[];
  moment timestamptz := clock_timestamp();
  told bigint;
begin
  -- As store/locks.py, in its order. No subtask comes or goes from here to the end of the transaction.
  perform pg_advisory_xact_lock(hashtextextended(owner, 0));
  with recursive below as (
    select root as id
    union all
    select tasks.id
    from below join doable.tasks on tasks.user_id = owner and tasks.parent_id = below.id and tasks.deleted_at is null
  )
  select array(select id from below limit 20001) into members;
  perform from doable.tasks where user_id = owner and id = any(members) order by id for no key update;
  perform from doable.tasks
  where user_id = owner and id = root and deleted_at is null and (revisions is null or revision = any(revisions));
  if not found then
    return null;
  end if;
  if outer_operation = '' then
    set local doable.operation to 'new';
  end if;
  with gone as (
    update doable.tasks set deleted_at = moment, deleted_with = root
    where user_id = owner and id = any(members) and deleted_at is null
    returning id, revision
  )
  select revision into told from gone where id = root;
  if outer_operation = '' then
    set local doable.operation to '';
  end if;
  return told;
end
$$
