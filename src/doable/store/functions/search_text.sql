create or replace function doable.search_text(title text, description text, labels text[]) returns text
language sql immutable parallel safe as $$
-- What a search looks at. Every write of a task pays for this: tasks without labels and accents have their own cases.
  select case
    when labels is not null then doable.search_folded(doable.search_joined(title, description, labels))
    when description is null and octet_length(title) = char_length(title) then lower(title)
    when octet_length(title || description) = char_length(title || description)
    then lower(title || ' ' || description)
    else doable.search_folded(doable.search_joined(title, description, null))
  end
$$
