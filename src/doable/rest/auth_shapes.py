"""The models of the built-in accounts in the OpenAPI document, in the formats of Better Auth 1.7."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from doable.core.account_forms import EMAIL_MAX, NAME_MAX
from doable.core.passwords import PASSWORD_MAX, PASSWORD_MIN
from doable.rest.shapes import Document, Problem, Shape
from doable.text import TEXT

USER: Final = {
    "id": "Kx3Qb1nUqyHjvTPzW5dE0ocRr8Lg2MfA",
    "email": "ada@example.com",
    "emailVerified": False,
    "name": "Ada",
    "image": None,
    "createdAt": "2026-11-21T09:30:00.123Z",
    "updatedAt": "2026-11-21T09:30:00.123Z",
}
SESSION_TOKEN: Final = "fYc2V0LXRva2VuLWV4YW1wbGUtb25seS1ub3QtcmVhbA"  # noqa: S105 - an example
JWT: Final = "eyJhbGciOiJFZERTQSIsImtpZCI6Ii4uLiJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl"
SESSION: Final = {
    "id": "1",
    "userId": USER["id"],
    "token": SESSION_TOKEN,
    "createdAt": "2026-11-21T09:30:00.123Z",
    "updatedAt": "2026-11-21T09:30:00.123Z",
    "expiresAt": "2026-11-28T09:30:00.123Z",
    "ipAddress": "192.0.2.7",
    "userAgent": "curl/8.5.0",
}
KEY: Final = {
    "alg": "EdDSA",
    "crv": "Ed25519",
    "x": "k7FC1VL7LF-sB5KMvNpSYBkcW_eRuTDdNt_g0PNtUPE",
    "kty": "OKP",
    "kid": "Jr3YfYV1mWJ9cN8sEo0k2A",
}
PATTERN: Final[Document] = {"pattern": TEXT}


class Form(BaseModel):
    """Additional fields, which some front ends send, are ignored."""

    model_config = ConfigDict(extra="allow")


NOT_REMEMBERED: Final = "False: the session ends after a day or with the browser, and is not renewed."


class SignUp(Form):
    email: str = Field(max_length=EMAIL_MAX, json_schema_extra={"format": "email"})
    password: str = Field(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX, json_schema_extra=PATTERN)
    name: str = Field(max_length=NAME_MAX, json_schema_extra=PATTERN)
    rememberMe: bool | None = Field(  # noqa: N815 - Better Auth's name
        None, description=NOT_REMEMBERED
    )


class SignIn(Form):
    email: str = Field(max_length=EMAIL_MAX, json_schema_extra={"format": "email"})
    password: str = Field(max_length=PASSWORD_MAX, json_schema_extra=PATTERN)
    rememberMe: bool | None = Field(  # noqa: N815
        None, description=NOT_REMEMBERED
    )
    callbackURL: str | None = Field(  # noqa: N815
        None, description="Where Better Auth's client goes next: a path, or a URL on a trusted origin."
    )


class PasswordChange(Form):
    currentPassword: str = Field(max_length=PASSWORD_MAX, json_schema_extra=PATTERN)  # noqa: N815
    newPassword: str = Field(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX, json_schema_extra=PATTERN)  # noqa: N815
    revokeOtherSessions: bool | None = Field(  # noqa: N815
        None, description="End every session, and start a new one in place of the current one."
    )


class SessionEnd(Form):
    token: str = Field(description="The `token` of a session in the list.", json_schema_extra=PATTERN)


class AuthUser(Shape):
    id: str
    email: str
    emailVerified: bool = Field(description="Always false: Doable does not verify addresses.")  # noqa: N815
    name: str
    image: str | None = Field(description="Always null: Doable has no pictures.")
    createdAt: datetime  # noqa: N815
    updatedAt: datetime  # noqa: N815


class SignedUp(Shape):
    token: str = Field(description="The session's token.")
    user: AuthUser


class SignedIn(Shape):
    redirect: bool = Field(description="Whether the response has a `url`.")
    token: str = Field(description="The session's token.")
    url: str | None = Field(None, description="The `callbackURL` of the request.")
    user: AuthUser


class PasswordChanged(Shape):
    token: str | None = Field(description="The token of the new session, if you ended the old ones.")
    user: AuthUser


class AuthSession(Shape):
    id: str
    userId: str  # noqa: N815
    token: str
    createdAt: datetime  # noqa: N815
    updatedAt: datetime  # noqa: N815
    expiresAt: datetime  # noqa: N815
    ipAddress: str | None  # noqa: N815
    userAgent: str | None  # noqa: N815


class CurrentSession(Shape):
    session: AuthSession
    user: AuthUser


class AccessToken(Shape):
    token: str = Field(description="A JWT for the task API. It is valid for 15 minutes.")


class Success(Shape):
    success: bool


class Status(Shape):
    status: bool


class PublicKey(Shape):
    """RFC 8037 §2."""

    alg: str
    crv: str
    x: str
    kty: str
    kid: str


class PublicKeys(Shape):
    keys: list[PublicKey]


class AuthProblem(Problem):
    """An error under `/api/auth`, with the members that Better Auth's client reads."""

    code: str = Field(description="Better Auth's code for the error. `type` ends with ours.")  # type: ignore[assignment]
    message: str | None = Field(None, description="The same as `error`.")
