create or replace function doable.search_document(owner text, title text, description text, labels text[])
returns tsvector language plpgsql immutable parallel safe as $$
-- In PL/pgSQL, this is planned once per session. PostgreSQL plans the expression of an index, with all SQL functions in
-- it, for each statement that writes to the index.
begin
  return array_to_tsvector(case
    when octet_length(description) > 2000
    then doable.search_cut(doable.search_words(owner, doable.search_text(title, description, labels)))
    else doable.search_words(owner, doable.search_text(title, description, labels))
  end);
end
$$
