"""From a setting to a model of pydantic-ai: `anthropic:NAME`, or `openai:NAME` for any endpoint that speaks its protocol."""

from collections.abc import Callable

from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings

from datacenter_docs.domain.errors import Invalid

MAX_OUTPUT_TOKENS = 4_096
"""Of one answer: ours are short, and one that is not is nonsense."""
PROVIDERS = ("anthropic", "openai")


def opened(name: str, base_url: str | None, key: Callable[[], str] | None) -> Callable[[], Model]:
    """How to get the model, anew for each conversation, with connections of its own. `base_url` None: the provider's own;
    `key`: reads the secret; None: there is none, as with many local models. Raises `Invalid` for a name that is none.
    """
    provider, _, model = name.partition(":")
    if provider not in PROVIDERS or not model:
        raise Invalid(
            f"{name!r} is no model: write anthropic:NAME, or openai:NAME with DATACENTER_DOCS_MODEL_BASE_URL "
            "for any endpoint that speaks the OpenAI protocol."
        )
    make = _anthropic if provider == "anthropic" else _openai
    return lambda: make(model, base_url, key() if key else "none")


_SETTINGS = ModelSettings(max_tokens=MAX_OUTPUT_TOKENS)


def _anthropic(model: str, base_url: str | None, key: str) -> Model:
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    provider = AnthropicProvider(api_key=key, base_url=base_url)
    return AnthropicModel(model, provider=provider, settings=_SETTINGS)


def _openai(model: str, base_url: str | None, key: str) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    provider = OpenAIProvider(base_url=base_url, api_key=key)
    return OpenAIChatModel(model, provider=provider, settings=_SETTINGS)
