create or replace function doable.drop_changes() returns trigger language plpgsql as $$
-- What a foreign key with `on delete cascade` does. Nobody can log for this owner any more: log_change runs only where
-- count_change, or the deletion of rows itself, has locked the owner's row, and that is gone.
begin
  delete from doable.changes where user_id = old.id;
  return null;
end
$$
