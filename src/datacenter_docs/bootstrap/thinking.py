"""Wires the language model, where there is one: its libraries are loaded only then."""

from collections.abc import Callable

from datacenter_docs.adapters.persistence.database import Database
from datacenter_docs.adapters.persistence.model_calls import SqlModelCalls
from datacenter_docs.adapters.platforms import secrets
from datacenter_docs.adapters.platforms.blotting import blotted
from datacenter_docs.domain.errors import Unsupported
from datacenter_docs.domain.model_calls import Budget
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.inquiring import Inquirer
from datacenter_docs.ports.reasoning import Resolver
from datacenter_docs.settings import Settings


def with_model(
    settings: Settings,
    database: Database,
    offline: Resolver,
    inquirer: Inquirer,
    clock: Clock,
) -> Resolver:
    """The resolver that tickets get: the offline one, with a second opinion where a model is configured. Raises `Invalid`
    for a model that is none, and `Unsupported` where its libraries are not installed.
    """
    if settings.model is None:
        return offline
    try:
        from datacenter_docs.adapters.reasoning.model.asking import Asking
        from datacenter_docs.adapters.reasoning.model.diagnosing import ModelResolver
        from datacenter_docs.adapters.reasoning.model.providers import opened
    except ImportError as error:
        raise Unsupported(
            f"A model needs more libraries: `pip install datacenter-docs[model]`. ({error})"
        ) from error
    asking = Asking(
        opened(settings.model, settings.model_base_url, _key(settings)),
        settings.model,
        SqlModelCalls(database),
        clock,
        budget(settings),
        blotted,
    )
    return ModelResolver(offline, asking, inquirer, blotted)


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


def _key(settings: Settings) -> Callable[[], str] | None:
    """Reads the secret, checked once at the start, so that a wrong reference is told before the first ticket."""
    reference = settings.model_key
    if reference is None:
        return None
    secrets.resolve(reference)
    return lambda: secrets.resolve(reference)
