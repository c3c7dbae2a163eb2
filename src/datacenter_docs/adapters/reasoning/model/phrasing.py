"""`Phraser` with a model: it gets labelled values and returns sentences that cite them."""

from collections.abc import Sequence

from datacenter_docs.adapters.reasoning.model.answers import ProseAnswer
from datacenter_docs.adapters.reasoning.model.asking import Asking, NoAnswerError, Question
from datacenter_docs.adapters.reasoning.model.tools import Redact
from datacenter_docs.domain.citing import Cite, Phrased
from datacenter_docs.domain.errors import Unavailable
from datacenter_docs.domain.prose import bind
from datacenter_docs.ports.phrasing import Labelled, Phrasing

PROMPT = "phrase"
LONGEST = 200
"""Characters of a value that a model is shown."""


class ModelPhraser:
    """Phrases with a model."""

    def __init__(self, asking: Asking, redact: Redact) -> None:
        self._asking = asking
        self._redact = redact

    async def phrase(self, document_id: str, given: Sequence[Labelled]) -> Phrasing:
        cites = {one.label: one.cite for one in given}

        async def take(answer: ProseAnswer) -> Sequence[Phrased | Cite]:
            parts: list[Phrased | Cite] = []
            for words, label in bind(answer.text, cites).pieces:
                parts += [Phrased(words)] if words else []
                parts += [cites[label]] if label else []
            return parts

        lines = (f"[{one.label}] {one.words}: {one.cite.text[:LONGEST]}" for one in given)
        question = Question(
            prompt=PROMPT,
            subject=document_id,
            text=self._redact("\n".join(lines)),
            output=ProseAnswer,
            take=take,
        )
        try:
            parts = await self._asking.ask(question)
        except NoAnswerError as error:
            raise Unavailable(str(error)) from error
        return Phrasing(parts, self._asking.name)
