"""Quick add: one sentence becomes a task. docs/quick-add.md describes what is understood.

`english.py` has the words and phrases of the language. All other files are the same for every language.
"""

from doable.core.quick_add.meaning import Viewer
from doable.core.quick_add.names import Mentions, mentioned
from doable.core.quick_add.sentence import TEXT, TEXT_MAX, QuickTask, Span, parse

__all__ = ["TEXT", "TEXT_MAX", "Mentions", "QuickTask", "Span", "Viewer", "mentioned", "parse"]
