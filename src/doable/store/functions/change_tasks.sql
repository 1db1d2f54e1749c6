create or replace function doable.change_tasks(
  owner text, ends int[], places int[], ids bigint[], revisions bigint[], patches jsonb[]
) returns table (place int, task doable.tasks) language plpgsql as $$
-- Layer after layer, each of which is about a task at most once; a layer ends where `ends` says. The row takes the
-- members that a patch has, and goes to the trash where the patch is null. A row whose revision is not the one that the
-- change asks for stays as it is, and is not in the result. Nor is a row in the trash, except for an empty patch.
declare
  began int := 1;
  ended int;
begin
  foreach ended in array ends loop
    return query
      update doable.tasks
      set
        {assignments}
      from unnest(places[began:ended], ids[began:ended], revisions[began:ended], patches[began:ended])
        as change(place, id, revision, patch)
      where tasks.user_id = owner and tasks.id = change.id and change.patch is not null
        and (tasks.deleted_at is null or change.patch = '{}')
        and (change.revision is null or change.revision = tasks.revision)
      returning change.place, tasks;
    -- A statement that changes nothing costs its triggers all the same, as much as an update.
    if array_position(patches[began:ended], null) is not null then
      return query
        update doable.tasks
        set deleted_at = clock_timestamp(), deleted_with = tasks.id
        from unnest(places[began:ended], ids[began:ended], revisions[began:ended], patches[began:ended])
          as change(place, id, revision, patch)
        where tasks.user_id = owner and tasks.id = change.id and change.patch is null
          and tasks.deleted_at is null and (change.revision is null or change.revision = tasks.revision)
        returning change.place, tasks;
    end if;
    began := ended + 1;
  end loop;
end
$$
