create or replace function doable.search_text(title text, description text, labels text[]) returns text
language sql immutable parallel safe as $$
-- What a search looks at. Most tasks have only a title, and every write of a task pays for this.
  select case
    when description is not null or labels is not null
    then doable.search_folded(doable.search_joined(title, description, labels))
    when octet_length(title) = char_length(title) then lower(title)
    else doable.search_folded(title)
  end
$$
