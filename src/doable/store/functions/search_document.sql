create or replace function doable.search_document(owner text, title text, description text, labels text[])
returns tsvector language sql immutable parallel safe as $$
  select array_to_tsvector(case
    when octet_length(description) > 2000
    then doable.search_cut(doable.search_words(owner, doable.search_text(title, description, labels)))
    else doable.search_words(owner, doable.search_text(title, description, labels))
  end)
$$
