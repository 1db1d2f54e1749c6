create or replace function doable.search_cut(words text[]) returns text[]
language plpgsql immutable parallel safe as $$
-- An index can hold words of up to 2046 bytes.
begin
  return array(select left(word, 255) from unnest(words) as word);
end
$$
