"""The words of a text, as the index of words has them."""

import random
import re
from hashlib import md5

from doable.store.database import Database

SEPARATORS = "\t\n\x01\x1f!-/:@[`{~\xa0\xab\xbb\xb4\xb7\xd7\xf7\u2000\u2bff\u3000\u303f\uff00\uff0f\U0001f000\U0001faff"
LETTERS = "az09é\xaaµº東"  # in lower case, as the text is by then
WORDS = """
select given.text, doable.search_words('ada', given.text) from unnest($1::text[]) as given(text)
"""


async def test_words_are_what_is_between_separators(db: Database) -> None:
    """Spaces alone and beside other separators, in any number, also at both ends."""
    chance = random.Random(18)
    alphabet = LETTERS + SEPARATORS + " " * 12
    texts = ["", " ", *("".join(chance.choices(alphabet, k=chance.randrange(30))) for _ in range(3000))]
    key = md5(b"ada", usedforsecurity=False).hexdigest()[:8]
    for text, words in await db.read(WORDS, texts):
        expected = re.sub(f"[{re.escape(SEPARATORS)} ]+", " ", text).strip(" ")
        assert words == [key + word for word in expected.split(" ")], repr(text)
