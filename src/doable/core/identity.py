"""Who is asking: from a credential to an actor."""

import jwt

from doable.errors import TokenExpired, TokenInvalid
from doable.model import Actor
from doable.settings import Settings


class Identity:
    def __init__(self, settings: Settings) -> None:
        self._secret = settings.better_auth_secret.get_secret_value() if settings.better_auth_secret else ""
        self._remembered: dict[str, Actor] = {}

    def remembered(self, credential: str) -> Actor | None:
        return self._remembered.get(credential)

    async def authenticate(self, credential: str) -> Actor:
        """Raises Unauthenticated."""
        try:
            claims = jwt.decode(credential, self._secret, algorithms=["HS256"], options={"require": ["exp", "sub"]})
        except jwt.ExpiredSignatureError:
            raise TokenExpired from None
        except jwt.InvalidTokenError:
            raise TokenInvalid from None
        return Actor(str(claims["sub"]))
