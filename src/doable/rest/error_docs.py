"""What each error code means and what to do about it: the source of docs/errors.md and of the page at /docs/errors.

A test proves that every code that can go out stands here, and no other.
"""

from typing import Final

# In the order in which people meet them.
ERRORS: Final[dict[str, str]] = {
    "invalid_input": "What was sent has faults. `errors` lists them (the first 100), each with its `field`, its `code`"
    " and a sentence; nothing was changed. The codes of the faults are at the end of this page.",
    "not_authenticated": "The request has no credential. Send `Authorization: Bearer …` with a JWT of the identity"
    " provider or with a personal access token.",
    "token_expired": "The token was good and its time is over. Get a new one from the issuer, or sign in again.",
    "invalid_token": "The token can't be believed: its signature, issuer, audience or form does not hold, or it was"
    " revoked, or its account is gone. When every token is refused, compare the issuer's settings with the service's"
    " (`doable doctor` does that).",
    "invalid_email_or_password": "No account has this address and password. Which of the two is wrong is not told.",
    "forbidden": "Whoever asks is known, and may not do this.",
    "not_your_tasks": "The `user_id` in the path is not the caller's. Write the token's user id there, or `me`.",
    "insufficient_scope": "The personal access token lacks the scope that `WWW-Authenticate` names. Make another one"
    " with it.",
    "invalid_origin": "A web page asks for somebody who is signed in there, and its origin is not one that we know. The"
    " operator adds it to `CORS_ORIGINS`. A program that is no web page sends its session's token as"
    " `Authorization: Bearer …` and no cookie.",
    "session_not_fresh": "Sessions can be listed for a day after signing in. Sign in again to list them.",
    "account_disabled": "The password is right, and the operator has disabled the account. `doable user enable`"
    " undoes it.",
    "sign_up_closed": "The operator has set `DOABLE_SIGN_UP=closed` and makes the accounts with `doable user add`.",
    "not_found": "There is nothing at this address.",
    "task_not_found": "There is no such task, or it is somebody else's: the two can't be told apart.",
    "user_not_found": "There is no such user.",
    "token_not_found": "The caller has no such personal access token. It may have been revoked already.",
    "method_not_allowed": "There is something at this address, but not with this method. `Allow` lists the methods.",
    "request_timeout": "The request did not arrive within `DOABLE_CLIENT_TIMEOUT` seconds and one more for each 8 KiB"
    " of it. The connection is closed; nothing was changed.",
    "malformed_request": "The request is not written as HTTP demands it, or two programs could read it in two ways:"
    " it has no `Host` in HTTP/1.1, for example, or two lengths. The sentence says what is wrong. The connection is"
    " closed; nothing was changed.",
    "target_too_long": "The path and the query together have more than 8 KiB. The connection is closed.",
    "headers_too_large": "The request line and the headers together have more than 64 KiB, or there are more than 100"
    " lines of them. The connection is closed.",
    "transfer_coding_unsupported": "The body came with a `Transfer-Encoding` other than `chunked`. Send it with"
    " `Content-Length`, or with `chunked` alone. The connection is closed; nothing was changed.",
    "conflict": "What was asked contradicts what is there already.",
    "user_already_exists": "Somebody has an account with this address. Sign in instead.",
    "limit_reached": "You have as many tasks, or open event streams, as the operator lets one user have"
    " (`DOABLE_USER_MAX_TASKS`, `DOABLE_USER_MAX_STREAMS`). Delete tasks or close a stream first. Nothing was changed.",
    "too_many_tokens": "You have `DOABLE_USER_MAX_TOKENS` personal access tokens, expired ones included. Revoke one"
    " first.",
    "request_in_progress": "The first request with this `Idempotency-Key` has no answer yet. Wait for the seconds in"
    " `Retry-After`, then send it again: you get its answer, or it runs.",
    "gone": "It was there once and will not come back.",
    "cursor_expired": "The cursor is older than the history that is kept, from before a restored backup, or from the"
    " future. Forget the copy and read everything again, without a cursor.",
    "stale": "The task has changed since the revision in `If-Match`. `current` is the task as it is now: take over"
    " what matters and send the request again with its revision. A token without `tasks:read` gets no `current`. When"
    " the sentence says that `If-Match` must hold the `ETag` as the service sent it, a proxy has changed the tag: a"
    ' weak one such as `W/"7"` never matches (RFC 9110 §13.1.1).',
    "idempotency_key_reused": "The `Idempotency-Key` stands for another request: another method, path, body or"
    " condition. Make a new key for each thing you want done, and repeat a request only as it was.",
    "operation_skipped": "Only in the results of a batch that is not atomic: the operation refers to a create of the"
    " same batch that failed.",
    "too_large": "The body has more bytes than the operation takes, and the sentence says how many it takes: 16 KiB at"
    " `/api/auth/…` and for access tokens, 1 MiB for a batch, 256 KiB everywhere else. Send less in one request.",
    "unsupported_media_type": "The body is not JSON, or `Content-Type: application/json` is missing, or the body is"
    " compressed. Send it without `Content-Encoding`.",
    "too_many_requests": "Too many passwords to check at once, or too many failures to sign in. Wait for the"
    " seconds in `Retry-After`, then go on.",
    "rate_limited": "This user or this address has sent more requests than the operator allows. `RateLimit-Policy`"
    " names the limit, `RateLimit` tells what is left of it. Wait for the seconds in `Retry-After`, then go on.",
    "internal_error": "Something of ours broke. Tell the operator the `request_id`: the log tells more.",
    "overloaded": "The service gets more requests than it can answer, or has more connections than it may, and refuses"
    " some at once so that the others are answered in time. Nothing was changed. Try again after the seconds in"
    " `Retry-After`; who comes back at once on the same connection is not listened to for a quarter of a second.",
    "unavailable": "The database is out of reach, or no connection to it came free in time, or the issuer has not"
    " told its keys since the service started. Try again after the seconds in `Retry-After`. A write"
    " that got this answer may have taken effect when the connection broke while it ran.",
    "misconfigured": "For the operator, at start-up: a setting that the service can't start with. The sentence names"
    " the setting and what to do.",
}

# The faults of an invalid request.
FAULTS: Final[dict[str, str]] = {
    "required": "The field is missing, null, empty or blank.",
    "too_long": "The field has more characters than it may have.",
    "wrong_type": "The field is of another type.",
    "unsupported_text": "The text has a character that the database can't hold: NUL, or half of a surrogate pair.",
    "read_only": "Only the server sets this field.",
    "unknown_field": "There is no such field. Is it misspelt?",
    "nothing_to_change": "An update needs at least one field.",
    "invalid_email": "This is no email address.",
    "password_too_short": "A password has at least 8 characters.",
    "password_too_long": "A password has at most 128 characters.",
    "password_compromised": "The password is among the first that anybody would guess, or it is the email address.",
    "invalid_password": "The current password is another one.",
    "invalid_callback_url": "`callbackURL` is neither a path nor on an origin in `CORS_ORIGINS`.",
    "not_json": "The body is not JSON.",
    "repeated_field": "An object in the body has a name twice, so it is not clear which value counts.",
    "not_an_object": "The body is JSON, but no object.",
    "invalid_task_id": "The id is not an integer from 1 to 2^63 - 1.",
    "invalid_token_id": "The id in the path is not an integer from 1 to 2^63 - 1.",
    "invalid_status": "`status` is neither `incomplete` nor `complete`.",
    "invalid_scopes": "`scopes` is not a list of one or more of the scopes that a token can have.",
    "invalid_expiry": "`expires_in_days` is not a whole number in its range.",
    "invalid_header": "A header of the request is not written as its standard says.",
    "invalid_key": "The `Idempotency-Key` is not a string of 1 to 255 printable ASCII characters, in double quotes or"
    " without spaces and punctuation that would need them.",
    "key_not_supported": "The operation answers with a secret, removes the user, or may be called by anybody, so its"
    " answer is not kept. Send it without `Idempotency-Key`.",
    "unknown_parameter": "The operation has no such query parameter. Is it misspelt?",
    "repeated_parameter": "A query parameter stands there more than once, so it is not clear which one counts.",
    "too_many_parameters": "The query has more than 100 parameters.",
    "invalid_limit": "`limit` is not an integer in its range.",
    "invalid_operations": "`operations` of a batch is not an array of 1 to 500 operations.",
    "unknown_operation": "`op` is none of `create`, `update`, `complete`, `reopen`, `delete`.",
    "invalid_ref": 'A `ref` is not a string of 1 to 255 characters, or a reference is not written `{"ref": "a"}`.',
    "duplicate_ref": "Two operations of a batch have the same `ref`.",
    "unknown_ref": "No create before this operation has the `ref`.",
    "invalid_revision": "`if_match` in a batch is not a revision: an integer from 1 to 2^63 - 1.",
    "invalid_cursor": "`cursor` is not one that this service gave out.",
}
