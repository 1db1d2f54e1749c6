"""Validates requests to the built-in accounts. The field names are Better Auth's.

Unknown fields (`image`, `callbackURL` and others) are ignored, as in Better Auth, so that a front end for Better Auth
works here.
"""

import re
from typing import Final

import msgspec

from doable.core import passwords
from doable.core.validation import Fields
from doable.errors import Fault, Invalid
from doable.text import text_fault

EMAIL_MAX: Final = 254  # characters: RFC 5321 §4.5.3.1.3, without the angle brackets
NAME_MAX: Final = 255
# HTML Living Standard, "valid e-mail address": what <input type=email> accepts.
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL: Final = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*", re.ASCII)


class NewAccount(msgspec.Struct, frozen=True):
    email: str
    password: str
    name: str
    remembered: bool = True


class SignIn(msgspec.Struct, frozen=True):
    email: str
    password: str
    remembered: bool


class PasswordChange(msgspec.Struct, frozen=True):
    current: str
    new: str
    revoke_others: bool


def new_account(fields: Fields) -> NewAccount:
    """Validate a sign-up. Raises Invalid with all faults."""
    form = _Form(fields)
    name = form.text("name").strip()
    if len(name) > NAME_MAX:
        form.faults.append(Fault("name", "too_long", f"Name must be {NAME_MAX} characters or less"))
    email = form.email()
    password = form.text("password")
    if not form.faults_of("password"):
        form.faults += passwords.faults("password", password, email)
    remembered = form.flag("rememberMe", default=True)
    form.check()
    return NewAccount(email, password, name, remembered)


def sign_in(fields: Fields) -> SignIn:
    """Validate a sign-in. Raises Invalid with all faults."""
    form = _Form(fields)
    email = form.email()
    password = form.text("password")
    form.faults += passwords.length_faults("password", password)
    remembered = form.flag("rememberMe", default=True)
    form.check()
    return SignIn(email, password, remembered)


def password_change(fields: Fields, email: str) -> PasswordChange:
    """Validate a change of password. `email` is the account's. Raises Invalid with all faults."""
    form = _Form(fields)
    current = form.text("currentPassword")
    form.faults += passwords.length_faults("currentPassword", current)
    new = form.text("newPassword")
    if not form.faults_of("newPassword"):
        form.faults += passwords.faults("newPassword", new, email)
    revoke_others = form.flag("revokeOtherSessions", default=False)
    form.check()
    return PasswordChange(current, new, revoke_others)


def session(fields: Fields) -> str:
    """Return the token or the id of a session. Raises Invalid."""
    form = _Form(fields)
    token = form.text("token")
    form.check()
    return token


class _Form:
    """The fields of a request, and the faults found so far."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self.faults: list[Fault] = []

    def text(self, field: str) -> str:
        """Return a required string. If it has a fault, return an empty string."""
        value = self._fields.get(field)
        if isinstance(value, str):
            fault = text_fault(field, value)
        elif value is None:
            fault = Fault(field, "required", f"Field '{field}' is required")
        else:
            fault = Fault(field, "wrong_type", f"Field '{field}' must be a string")
        if fault:
            self.faults.append(fault)
            return ""
        return str(value)

    def email(self) -> str:
        """Return the email address in lower case."""
        email = self.text("email").strip().lower()
        if not self.faults_of("email") and (len(email) > EMAIL_MAX or not _EMAIL.fullmatch(email)):
            self.faults.append(Fault("email", "invalid_email", "Invalid email"))
        return email

    def flag(self, field: str, *, default: bool) -> bool:
        value = self._fields.get(field)
        if isinstance(value, bool):
            return value
        if value is not None:
            self.faults.append(Fault(field, "wrong_type", f"Field '{field}' must be true or false"))
        return default

    def faults_of(self, field: str) -> bool:
        return any(fault.field == field for fault in self.faults)

    def check(self) -> None:
        if self.faults:
            raise Invalid(*self.faults)
