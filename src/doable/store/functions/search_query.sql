create or replace function doable.search_query(owner text, value text) returns tsquery
language plpgsql immutable strict parallel safe as $$
-- All words, the last one also as the beginning of a word if it has three letters. Null if there is no word.
declare
  words text[] := doable.search_words(owner, left(doable.search_folded(value), 500));
  last text := words[cardinality(words)];
begin
  if last = left(md5(owner), 8) then
    return null;
  end if;
  -- No word has a quotation mark or a backslash.
  return '''' || array_to_string(words, ''' & ''') || '''' || case when char_length(last) >= 11 then ':*' else '' end;
end
$$
