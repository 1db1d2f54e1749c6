create or replace function doable.search_joined(title text, description text, labels text[]) returns text
language plpgsql immutable parallel safe as $$
-- Longer words than an index can hold are cut.
begin
  return regexp_replace(concat_ws(' ', title, description, array_to_string(labels, ' ')), '(\S{255})\S+', '\1', 'g');
end
$$
