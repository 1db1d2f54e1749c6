create or replace function doable.search_joined(title text, description text, labels text[]) returns text
language plpgsql immutable parallel safe as $$
begin
  return concat_ws(' ', title, description, array_to_string(labels, ' '));
end
$$
