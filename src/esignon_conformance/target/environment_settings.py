"""The settings of the environment as pydantic-settings has them: loaded only where one of them is set."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from .environment import PREFIX


class EnvironmentSettings(BaseSettings):
    """What the environment (prefix ``ESIGNON_``) and `.env` say.  Empty is told apart from absent."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    base_url: str | None = None
    company_id: str | None = None
    memb_email: SecretStr | None = None
    memb_pwd: SecretStr | None = None
    second_memb_email: SecretStr | None = None
    second_memb_pwd: SecretStr | None = None
    blocked_company_id: str | None = None
    blocked_memb_email: SecretStr | None = None
    blocked_memb_pwd: SecretStr | None = None
    other_company_id: str | None = None
    other_memb_email: SecretStr | None = None
    other_memb_pwd: SecretStr | None = None


def validated(given: Mapping[str, str]) -> dict[str, str]:
    """Return settings by name, without prefix, as the model takes them.

    Raises `pydantic.ValidationError`.
    """
    settings = EnvironmentSettings(**given)  # type: ignore[arg-type]  # pydantic makes secrets of text
    found = {name: getattr(settings, name) for name in EnvironmentSettings.model_fields}
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in found.items()
        if value is not None
    }
