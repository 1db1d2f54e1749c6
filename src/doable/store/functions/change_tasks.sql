create or replace function doable.change_tasks(
  owner text, ends int[], places int[], ids bigint[], revisions bigint[], patches jsonb[]
) returns table (place int, task doable.tasks) language plpgsql as $$
-- Layer after layer, each of which is about a task at most once; a layer ends where `ends` says. The row takes the
-- members that a patch has, and goes to the trash where the patch is null. A row whose revision is not the one that the
-- change asks for stays as it is, and is not in the result. Nor is a row in the trash, except for an empty patch.
declare
  began int := 1;
  ended int;
  moment timestamptz;
begin
  foreach ended in array ends loop
    return query
      update doable.tasks
      set
        {assignments}
      from (
        select places[n] as place, ids[n] as id, revisions[n] as revision, patches[n] as patch,
          jsonb_populate_record(null::doable.tasks, patches[n]) as row
        from generate_series(began, ended) as n
        offset 0
      ) as change
      where tasks.user_id = owner and tasks.id = change.id and change.patch is not null
        and (tasks.deleted_at is null or change.patch = '{}')
        and (change.revision is null or change.revision = tasks.revision)
      returning change.place, tasks;
    -- A statement that changes nothing costs its triggers all the same, as much as an update.
    if array_position(patches[began:ended], null) is not null then
      moment := clock_timestamp();
      return query
        update doable.tasks
        set deleted_at = moment, deleted_with = tasks.id
        from (
          select places[n] as place, ids[n] as id, revisions[n] as revision, patches[n] as patch
          from generate_series(began, ended) as n
        ) as change
        where tasks.user_id = owner and tasks.id = change.id and change.patch is null
          and tasks.deleted_at is null and (change.revision is null or change.revision = tasks.revision)
        returning change.place, tasks;
    end if;
    began := ended + 1;
  end loop;
end
$$
