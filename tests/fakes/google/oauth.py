"""The token endpoint: a signed claim, or a person's refresh token, for an access token."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256

from tests.fakes.google import keys
from tests.fakes.google.refusals import ApiError

TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
SIGNED_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
MAX_CLAIM_SECONDS = 3600
SKEW_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom an access token speaks for, and for how much."""

    email: str
    scopes: frozenset[str]
    is_service_account: bool


def invalid_grant(why: str) -> ApiError:
    """Make the answer to a claim that is not accepted."""
    return ApiError(400, {"error": "invalid_grant", "error_description": why})


class TokenOffice:
    """Gives tokens out and knows them again."""

    def __init__(self) -> None:
        self.tokens: dict[str, Caller] = {}
        self.user_scopes = frozenset({"https://www.googleapis.com/auth/drive.file"})
        """What the person agreed to."""

    def answer(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Answer one request for a token."""
        grant = form.get("grant_type")
        if grant == SIGNED_GRANT:
            caller = self._signed(form.get("assertion", ""))
        elif grant == "refresh_token":
            caller = self._person(form)
        else:
            raise ApiError(400, {"error": "unsupported_grant_type", "error_description": f"Invalid {grant}"})
        token = "ya29.fake-" + secrets.token_urlsafe(24)
        self.tokens[token] = caller
        scope = " ".join(sorted(caller.scopes))
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer", "scope": scope}

    def _person(self, form: Mapping[str, str]) -> Caller:
        if form.get("refresh_token") != keys.REFRESH_TOKEN or form.get("client_secret") != keys.CLIENT_SECRET:
            raise invalid_grant("Token has been expired or revoked.")
        return Caller(keys.PERSON, self.user_scopes, is_service_account=False)

    def _signed(self, assertion: str) -> Caller:
        parts = assertion.split(".")
        if len(parts) != 3:
            raise invalid_grant("Invalid JWT: it has not three parts.")
        header, claims = json.loads(_decoded(parts[0])), json.loads(_decoded(parts[1]))
        if header.get("alg") != "RS256" or claims.get("iss") != keys.SERVICE_ACCOUNT:
            raise invalid_grant("Invalid grant: account not found")
        try:
            public = keys.service_key().public_key()
            signed = f"{parts[0]}.{parts[1]}".encode()
            public.verify(_decoded(parts[2]), signed, padding.PKCS1v15(), SHA256())
        except InvalidSignature:
            raise invalid_grant("Invalid JWT Signature.") from None
        now = time.time()
        issued, expires = claims.get("iat", 0), claims.get("exp", 0)
        timely = issued <= now + SKEW_SECONDS and now < expires <= issued + MAX_CLAIM_SECONDS
        if not timely:
            raise invalid_grant(
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
                "Check your iat and exp values in the JWT claim."
            )
        if claims.get("aud") != TOKEN_URI:
            raise ApiError(400, {"error": "invalid_request", "error_description": "Invalid audience"})
        scopes = frozenset(claims.get("scope", "").split())
        if not scopes or any(not scope.startswith("https://www.googleapis.com/auth/") for scope in scopes):
            raise ApiError(400, {"error": "invalid_scope", "error_description": f"{sorted(scopes)}"})
        return Caller(keys.SERVICE_ACCOUNT, scopes, is_service_account=True)

    def expire_all(self) -> None:
        """Let no token that was given out be valid any longer."""
        self.tokens.clear()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
