create or replace function doable.stamp_completion() returns trigger language plpgsql as $$
-- Set when a task was completed, at a change of its status. This runs after count_change, whose time it takes. A series
-- whose last occurrence was skipped ends too, but nothing was done. Undo brings back what was there.
begin
  new.completed_at := case
    when new.status <> 'complete' then null
    when current_setting('doable.action', true) = 'skipped' or current_setting('doable.undo', true) = 'on'
    then new.completed_at
    else coalesce(new.completed_at, new.updated_at)
  end;
  return new;
end
$$
