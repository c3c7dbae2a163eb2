"""`Embedder` over HTTP: any endpoint that speaks OpenAI's `POST /embeddings`, which local servers do as well.

https://platform.openai.com/docs/api-reference/embeddings/create
"""

import math
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

import httpx2

from datacenter_docs.domain.errors import Broken, Refused, Unavailable
from datacenter_docs.ports.embedding import Vector

AT_ONCE = 16
"""Texts of one request."""
LONGEST_TEXT = 2_000
"""Characters of a text that are sent; models read little more."""
_RETRY_SECONDS = 30.0
_NOT_NOW = frozenset({408, 429, 500, 502, 503, 504, 529})


class HttpEmbedder:
    """Asks a provider. `key`: reads the secret when it is needed; None: the endpoint asks for none. The timeout is of one request.
    `redact`: takes the secrets out of a text before it leaves.
    """

    def __init__(
        self,
        url: str,
        model: str,
        key: Callable[[], str] | None,
        timeout_seconds: float,
        redact: Callable[[str], str],
    ) -> None:
        self._url = f"{url.rstrip('/')}/embeddings"
        self._model = model
        self._key = key
        self._timeout_seconds = timeout_seconds
        self._redact = redact

    async def embed(self, texts: Sequence[str]) -> Sequence[Vector]:
        found: list[Vector] = []
        headers = {"Authorization": f"Bearer {self._key()}"} if self._key else {}
        async with httpx2.AsyncClient(headers=headers, timeout=self._timeout_seconds) as http:
            for start in range(0, len(texts), AT_ONCE):
                found += await self._ask(http, texts[start : start + AT_ONCE])
        if len({len(vector) for vector in found}) > 1:
            raise Broken("The embeddings provider answered with vectors of different lengths.")
        return found

    async def _ask(self, http: httpx2.AsyncClient, texts: Sequence[str]) -> list[Vector]:
        # An empty text is an error at some providers, and means nothing at all of them.
        given = [self._redact(text[:LONGEST_TEXT]).strip() or "-" for text in texts]
        body = {"model": self._model, "input": given, "encoding_format": "float"}
        try:
            answer = await http.post(self._url, json=body)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise Unavailable(
                f"The embeddings provider does not answer: {type(error).__name__}.", _RETRY_SECONDS
            ) from error
        status = answer.status_code
        if status in _NOT_NOW:
            raise Unavailable(f"The embeddings provider says {status}.", _RETRY_SECONDS)
        if status != HTTPStatus.OK:
            raise Refused(f"The embeddings provider says {status}: check its URL, model and key.")
        try:
            return _vectors(answer.json(), len(given))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise Broken("The embeddings provider answered what is no list of vectors.") from error


def _vectors(answer: Any, wanted: int) -> list[Vector]:
    """The vectors in the order of the texts. Raises `ValueError`, `KeyError` or `TypeError` where something is wrong."""
    by_index = {int(one["index"]): [float(x) for x in one["embedding"]] for one in answer["data"]}
    found = [by_index[index] for index in range(wanted)]
    for vector in found:
        if not vector or not all(map(math.isfinite, vector)) or not any(vector):
            raise ValueError("no direction")
    return list(found)
