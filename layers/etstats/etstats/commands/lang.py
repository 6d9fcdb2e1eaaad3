"""/lang: the language somebody is answered in."""

from __future__ import annotations

from etstats.commands.question import Question
from etstats.commands.registry import Labelled, Option, Seen, Topic, command
from etstats.interactions.reply import Message, sentence
from etstats.storage.setting import set_language
from etstats.words import LANGUAGES, words_for

_AS_DISCORD = "auto"


@command(
    "lang",
    options=(
        Option(
            name="language",
            required=True,
            choices=(
                Labelled(value=_AS_DISCORD, key="lang.auto"),
                *(Labelled(value=language, key=f"lang.{language}") for language in LANGUAGES),
            ),
        ),
    ),
    seen=Seen.PRIVATE,
    example="/lang language:Deutsch",
    topic=Topic.YOU,
)
def lang(q: Question) -> Message:
    """Answers in the new language at once."""
    chosen = q.asked.text("language")
    language = chosen if chosen in LANGUAGES else ""
    set_language(q.db, q.asked.caller.id, language)
    words = words_for(language or q.asked.caller.locale)
    return sentence(words("lang.changed" if language else "lang.changed_auto"))
