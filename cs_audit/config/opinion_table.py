"""Who is asked for a second opinion on contradictions that are not sure."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from cs_audit.config.table import Table
from cs_audit.errors import ConfigError, ValueRefused
from cs_audit.sources.web.reference import SecretReference
from cs_audit.worded import joined


class OpinionTable(Table):
    """`[second_opinion]`: a `model` behind the chat interface that OpenAI began, at `url`/chat/completions.

    Its answers are kept in the folder `cache`, beside the configuration; if `offline` nothing else is used. At most
    the first `most` findings are put to it. `plain_http` sends the texts unencrypted to another machine;
    `response_format = "text"` is for servers that refuse `json_object`.
    """

    url: str
    model: str = Field(min_length=1)
    token: SecretReference | None = None
    cache: str = Field(default=".cs-audit/opinions", min_length=1)
    offline: bool = False
    most: int = Field(default=200, ge=1)
    plain_http: bool = False
    response_format: Literal["json_object", "text"] = "json_object"

    @model_validator(mode="after")
    def _good_address(self) -> OpinionTable:
        from cs_audit.sources.web.site import Site, base_address  # noqa: PLC0415 - the HTTP library, only where used

        try:
            base_address(Site("second_opinion", self.url, plain_http=self.plain_http))
        except ConfigError as error:
            raise ValueRefused(joined(["url", error.message], " "), error.hint) from None
        return self
