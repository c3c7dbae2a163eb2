"""Wires the language model, where there is one: its libraries are loaded only then."""

from collections.abc import Callable
from typing import NamedTuple

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.model_calls import SqlModelCalls
from datacenter_docs.adapters.platforms import secrets
from datacenter_docs.adapters.platforms.blotting import blotted, without
from datacenter_docs.domain.errors import Invalid, Unsupported
from datacenter_docs.domain.model_calls import Budget
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.inquiring import Inquirer
from datacenter_docs.ports.phrasing import Phraser
from datacenter_docs.ports.reasoning import Resolver
from datacenter_docs.settings import Settings


class Model(NamedTuple):
    """What a model is asked for. `phraser` None: it phrases no documents."""

    resolver: Callable[[Resolver, Inquirer], Resolver]
    phraser: Phraser | None


def model_of(settings: Settings, database: Database, clock: Clock) -> Model | None:
    """The model that is configured; None: there is none. Raises `Invalid` for one that is none, and `Unsupported` where its
    libraries are not installed.
    """
    if settings.model is None:
        return None
    try:
        from datacenter_docs.adapters.reasoning.model.asking import Asking
        from datacenter_docs.adapters.reasoning.model.diagnosing import ModelResolver
        from datacenter_docs.adapters.reasoning.model.phrasing import ModelPhraser
        from datacenter_docs.adapters.reasoning.model.providers import opened
    except ImportError as error:
        raise Unsupported(
            f"A model needs more libraries: `pip install datacenter-docs[model]`. ({error})"
        ) from error
    key = _key(settings)

    def redact(text: str) -> str:
        """Without secrets, our own key among them, which the endpoint knows and may repeat."""
        return str(without(blotted(text), _known(key)))

    asking = Asking(
        opened(settings.model, settings.model_base_url, key),
        settings.model,
        SqlModelCalls(database),
        clock,
        budget(settings),
        redact,
    )
    return Model(
        resolver=lambda offline, inquirer: ModelResolver(offline, asking, inquirer, redact),
        phraser=ModelPhraser(asking, redact) if settings.model_phrases else None,
    )


def budget(settings: Settings) -> Budget:
    """What the settings allow to spend."""
    return Budget(
        max_seconds=settings.model_max_seconds,
        max_requests=settings.model_max_requests,
        max_tokens=settings.model_max_tokens,
        max_usd=settings.model_max_usd,
        max_tokens_a_day=settings.model_max_tokens_a_day,
        max_usd_a_day=settings.model_max_usd_a_day,
    )


def _known(key: Callable[[], str] | None) -> list[str]:
    """The key as it is now; none where there is none, or where it cannot be read any more and so was not given."""
    try:
        return [key()] if key else []
    except Invalid:
        return []


def _key(settings: Settings) -> Callable[[], str] | None:
    """Reads the secret, checked once at the start, so that a wrong reference is told before the first ticket."""
    reference = settings.model_key
    if reference is None:
        return None
    secrets.resolve(reference)
    return lambda: secrets.resolve(reference)
