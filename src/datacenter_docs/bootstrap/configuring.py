"""Settings from the environment, or a sentence that says which variable is wrong."""

from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError

from datacenter_docs.adapters.clock import SystemClock
from datacenter_docs.domain.errors import Invalid
from datacenter_docs.settings import Settings


def wall_clock() -> datetime:
    """The time of this machine, for whoever has no house yet."""
    return SystemClock().now()


def read_settings(**overrides: object) -> Settings:
    """The settings from the environment; overrides that are not None win. Raises `Invalid` naming each bad variable."""
    given: dict[str, Any] = {name: value for name, value in overrides.items() if value is not None}
    try:
        return _for_the_demo(Settings(**given))
    except ValidationError as error:
        fields = {_variable(e["loc"]): e["msg"] for e in error.errors()}
        told = "; ".join(f"{name}: {message}" for name, message in fields.items())
        raise Invalid(f"A setting is wrong: {told}", fields) from error
    except SettingsError as error:
        raise Invalid(f"A setting is not the JSON that it has to be: {error}.") from error


def _for_the_demo(settings: Settings) -> Settings:
    """The demo keeps its data apart, in files of its own, and automates unless somebody says otherwise: nothing real is behind
    it. Raises `Invalid` where an estate is given too.
    """
    if not settings.demo:
        return settings
    if settings.estate_file is not None:
        raise Invalid(
            "The demo brings an estate of its own: leave out --estate and DATACENTER_DOCS_ESTATE_FILE."
        )
    own = {"data_dir": settings.data_dir / "demo", "auto_remediation_enabled": True}
    unsaid = {name: value for name, value in own.items() if name not in settings.model_fields_set}
    return settings.model_copy(update={**unsaid, "database_url": None})


def _variable(where: tuple[int | str, ...]) -> str:
    """The environment variable of a setting: the seed's names stand as they are, ours have the prefix."""
    name, *inner = map(str, where or ("settings",))
    prefix = str(Settings.model_config["env_prefix"])
    variable = f"{prefix}{name.upper()}" if name in Settings.model_fields else name
    return ".".join((variable, *inner))
