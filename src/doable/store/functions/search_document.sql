create or replace function doable.search_document(owner text, title text, description text, labels text[])
returns tsvector language sql immutable parallel safe as $$
  select array_to_tsvector(doable.search_words(owner, doable.search_text(title, description, labels)))
$$
