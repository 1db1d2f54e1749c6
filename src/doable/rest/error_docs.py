"""What each error code means and what to do about it: the source of docs/errors.md and of the page at /docs/errors.

A test checks that this file has exactly the codes that the service can send.
"""

from typing import Final

# In the order in which clients meet them.
ERRORS: Final[dict[str, str]] = {
    "invalid_input": "The input is not valid, and nothing was changed. `errors` lists the faults (the first 100). Each"
    " has its `field`, its `code` and a sentence. The codes are at the end of this page.",
    "not_authenticated": "The request has no credential. Send `Authorization: Bearer …` with a JWT of the identity"
    " provider or with a personal access token.",
    "token_expired": "The token was valid, but it has expired. Get a new one from the issuer, or sign in again.",
    "invalid_token": "The service does not accept the token. Its signature, issuer, audience or format is wrong, it"
    " was revoked, or its account was deleted. If the service rejects every token, compare the issuer's settings with"
    " the service's settings. `doable doctor` does this for you.",
    "invalid_email_or_password": "There is no account with this address and password. The response does not tell which"
    " of the two is wrong.",
    "forbidden": "The credential is valid, but its user may not do this.",
    "not_your_tasks": "The `user_id` in the path is not the id of your user. Use the user id in your token, or `me`.",
    "insufficient_scope": "The personal access token lacks the scope that `WWW-Authenticate` names. Create a token"
    " that has this scope.",
    "invalid_origin": "A web page sent a request for a signed-in user, and the service does not trust the origin of"
    " this page. The operator can add it to `CORS_ORIGINS`. A program that is not a web page sends its session token"
    " as `Authorization: Bearer …`, and no cookie.",
    "session_not_fresh": "You can list your sessions only for a day after you sign in. Sign in again to list them.",
    "account_disabled": "The password is correct, but the operator has disabled the account. The operator can enable"
    " it with `doable user enable`.",
    "sign_up_closed": "You can't create an account here, because the operator has set `DOABLE_SIGN_UP=closed`. The"
    " operator creates accounts with `doable user add`.",
    "not_found": "Nothing exists at this address.",
    "task_not_found": "This task does not exist, or it belongs to another user. The response does not tell which.",
    "list_not_found": "This list does not exist, or it belongs to another user. The response does not tell which.",
    "label_not_found": "This label does not exist, or it belongs to another user. The response does not tell which.",
    "change_not_found": "You have made no change with this revision.",
    "filter_not_found": "This saved filter does not exist, or it belongs to another user. The response does not tell"
    " which.",
    "user_not_found": "This user does not exist.",
    "token_not_found": "You have no personal access token with this id. Perhaps it was already revoked.",
    "method_not_allowed": "This address does not support the method of the request. `Allow` lists the methods that it"
    " supports.",
    "request_timeout": "The request took too long to arrive. The limit is `DOABLE_CLIENT_TIMEOUT` seconds, plus one"
    " second for each 8 KiB. The service closed the connection, and nothing was changed.",
    "malformed_request": "The request is not valid HTTP, or two programs could interpret it differently. For example,"
    " it is HTTP/1.1 without `Host`, or it has two lengths. The sentence says what is wrong. The service closed the"
    " connection, and nothing was changed.",
    "target_too_long": "The path and the query together have more than 20 KiB. The service closed the connection.",
    "headers_too_large": "The request line and the headers together have more than 64 KiB, or there are more than 100"
    " lines of headers. The service closed the connection.",
    "transfer_coding_unsupported": "The body has a `Transfer-Encoding` other than `chunked`. Send it with"
    " `Content-Length`, or with `chunked` alone. The service closed the connection, and nothing was changed.",
    "conflict": "The request conflicts with something that exists already.",
    "user_already_exists": "An account with this address exists already. Sign in instead.",
    "label_taken": "Another label has this name; upper and lower case do not count. `current` is this label. When you"
    " rename a label, `merge=true` makes the other one take its place.",
    "changed_since": "You want to undo an operation, but a field that it changed has changed since, or an object can't"
    " be where it was. `errors` names the fields. Nothing was changed.",
    "cycle_of_parents": "The task would become a subtask of itself, or of a task below it.",
    "not_recurring": "You can only skip an occurrence of a task that recurs. Set `recurrence` first.",
    "limit_reached": "You have the maximum number of tasks or of open event streams that the operator allows for one"
    " user (`DOABLE_USER_MAX_TASKS`, `DOABLE_USER_MAX_STREAMS`). Delete tasks or close a stream first. Nothing was"
    " changed.",
    "too_many_tokens": "You have `DOABLE_USER_MAX_TOKENS` personal access tokens, expired ones included. Revoke one"
    " first.",
    "request_in_progress": "The first request with this `Idempotency-Key` is still running. Wait for the seconds in"
    " `Retry-After`, then send the request again. You get the response to the first request if it has completed, and"
    " otherwise your request runs.",
    "gone": "This existed once, but it will not come back.",
    "change_expired": "The change can no longer be undone: its retention period is over, or it was a permanent"
    " deletion.",
    "cursor_expired": "You can no longer use this cursor: changes that it needs have been deleted, or it was created"
    " before the database was restored from a backup. Delete your copy, and read everything again without a cursor.",
    "stale": "The object changed since you read it, so its revision is not the one in `If-Match`. `current` is the"
    " current version of the object: apply your change to it, and send the request again with its revision. A token"
    " without `tasks:read` gets no `current`. If the sentence says that `If-Match` must hold the `ETag` as the service"
    ' sent it, a proxy has changed the tag: a weak tag such as `W/"7"` never matches (RFC 9110 §13.1.1).',
    "idempotency_key_reused": "You used this `Idempotency-Key` for another request, with another method, path, body or"
    " condition. Use a new key for each write. If you repeat a request, do not change it.",
    "operation_skipped": "This occurs only in the results of a batch that is not atomic. The operation refers to a"
    " create of the same batch that failed.",
    "too_large": "The body is larger than the operation accepts. The sentence names the limit: 16 KiB at `/api/auth/…`"
    " and for access tokens, 1 MiB for a batch, 256 KiB for everything else. Send less in one request.",
    "too_much": "The request would change more than 20 000 objects, with everything that follows from it. For"
    " example, a label is on that many tasks. Nothing was changed. Use smaller steps.",
    "unsupported_media_type": "The body is not JSON, or it is compressed, or `Content-Type: application/json` is"
    " missing. `PATCH` of an object also accepts `application/merge-patch+json`. Send the body without"
    " `Content-Encoding`.",
    "too_many_requests": "The service has too many passwords to check at this moment, or there were too many failed"
    " attempts to sign in. Wait for the seconds in `Retry-After`, then try again.",
    "rate_limited": "This user or this address has sent more requests than the operator allows. `RateLimit-Policy`"
    " names the limit, and `RateLimit` tells what is left of it. Wait for the seconds in `Retry-After`, then try"
    " again.",
    "internal_error": "The service failed unexpectedly. Send the `request_id` to the operator, who finds the details"
    " in the log.",
    "overloaded": "The service receives more requests than it can process, or it has the maximum number of"
    " connections. It rejects some requests immediately, so that it can respond to the others in time. Nothing was"
    " changed. Try again after the seconds in `Retry-After`. If you send another request immediately on the same"
    " connection, the service does not read it for about a quarter of a second.",
    "unavailable": "The database can't be reached, or no connection to it became free in time, or the service has not"
    " received the issuer's keys since it started. Try again after the seconds in `Retry-After`. If the connection to"
    " the database broke while a write was running, the write may have taken effect.",
    "misconfigured": "For the operator, when the service starts: the service can't start with one of the settings. The"
    " sentence names the setting and says what to do.",
}

# The faults of an invalid request.
FAULTS: Final[dict[str, str]] = {
    "required": "The field is missing, null, empty or blank.",
    "too_long": "The field has more characters than the limit.",
    "wrong_type": "The field has the wrong type.",
    "unsupported_text": "The text contains a character that the database can't store: NUL, or half of a surrogate"
    " pair.",
    "read_only": "Only the server sets this field, or it is set only when the object is created.",
    "unknown_field": "The field does not exist. Check its spelling.",
    "invalid_priority": "The priority is neither `high`, `medium` nor `low`.",
    "invalid_include": "`include` is not `objects`.",
    "invalid_week_start": "`week_start` is neither `monday`, `sunday` nor `saturday`.",
    "invalid_date_order": "`date_order` is neither `dmy` nor `mdy`.",
    "invalid_date": "The member is not a date of the calendar, such as `2026-12-01`.",
    "invalid_time": "The member is not a time of day from `00:00` to `23:59`.",
    "unknown_time_zone": "The member is not the exact name of a time zone of the IANA database.",
    "needs_time": "A whole day has no time zone: send a `time` too, or leave out `time_zone`.",
    "needs_due": "A task that recurs has a due date: send `due` too, or clear `recurrence` with it.",
    "invalid_basis": "`basis` is neither `schedule` nor `completion`.",
    "invalid_rule": "The rule does not follow RFC 5545, never matches, or costs too much; the sentence says why.",
    "invalid_reminders": "The field is not an array of up to 20 reminders.",
    "invalid_reminder": "A reminder has exactly one of the members `minutes_before` and `at`.",
    "invalid_minutes": "`minutes_before` is not an integer from 0 to 527040, which is 366 days.",
    "in_future": "The time is in the future, by the clock of the service: only what was done can be completed.",
    "too_early": "`completed_at` is more than 366 days before the task was created, and before its due date.",
    "invalid_instant": "The member is not a time with an offset from UTC, such as `2026-12-01T09:00:00Z` (RFC 3339).",
    "nothing_to_change": "An update needs at least one field.",
    "invalid_email": "The text is not an email address.",
    "password_too_short": "A password has at least 8 characters.",
    "password_too_long": "A password has at most 128 characters.",
    "password_compromised": "The password is one of the most common ones, or it is the email address.",
    "invalid_password": "The current password is wrong.",
    "invalid_callback_url": "`callbackURL` is neither a path nor a URL on an origin in `CORS_ORIGINS`.",
    "not_json": "The body is not valid JSON.",
    "repeated_field": "An object in the body has the same name twice.",
    "not_an_object": "The body is JSON, but not an object.",
    "list_not_found": "You have no list with this id, `uid` or name.",
    "task_not_found": "You have no task with this id or `uid`, or it is not in the place that the move names.",
    "label_not_found": "You have no label with this id, `uid` or name.",
    "filter_not_found": "You have no saved filter with this id or `uid`.",
    "invalid_color": "The color is not like `#3b82f6`.",
    "invalid_names": "The field is not an array of up to 50 names.",
    "changed_since": "After the operation that you want to undo, this field or what it depends on has changed.",
    "not_undoable": "You can change settings again, but an undo does not.",
    "too_many_labels": "The task would have more than 50 labels.",
    "two_changes": "`labels` replaces the labels. Send it without `add_labels` and `remove_labels`.",
    "two_places": "A move has one of `before`, `after` and `to`.",
    "invalid_end": "The end of an order is `first` or `last`.",
    "other_list": "A subtask is in the list of its parent. Send `parent_id` alone.",
    "too_deep": "A task can be at most 8 levels deep, and the task at the top is the first one.",
    "unknown_type": "The type of an operation is `task`, `list`, `label` or `filter`.",
    "invalid_parameter": "The parameter has a value that it can't have.",
    "invalid_task_id": "The id is not an integer from 1 to 2^63 - 1.",
    "invalid_id": "The same for the id of a list, a label or a saved filter, and for an id in a query.",
    "invalid_token_id": "The id in the path is not an integer from 1 to 2^63 - 1.",
    "invalid_status": "`status` is neither `incomplete` nor `complete`.",
    "invalid_filter": "The text of a filter does not follow its language. `column` says where, in code points from 1.",
    "invalid_sort": "`sort` is not a list of different names of the ones that you can sort by.",
    "invalid_scopes": "`scopes` is not a list of one or more of the scopes that a token can have.",
    "invalid_expiry": "`expires_in_days` is not a whole number in its range.",
    "invalid_header": "A header does not have the format that its standard requires.",
    "invalid_key": "The `Idempotency-Key` is not a string of 1 to 255 printable ASCII characters in double quotes. You"
    " can omit the quotes if the key has no spaces and no punctuation that needs quotes.",
    "key_not_supported": "The service does not store the response to this operation, because it contains a secret, or"
    " the operation deletes the user or needs no credential. Send the request without `Idempotency-Key`.",
    "unknown_parameter": "The operation does not have this query parameter. Check its spelling.",
    "repeated_parameter": "The query has the same parameter more than once.",
    "too_many_parameters": "The query has more than 100 parameters.",
    "invalid_limit": "`limit` is not an integer in its range.",
    "invalid_operations": "`operations` in a batch is not an array of 1 to 500 operations.",
    "unknown_operation": "`op` is not one that the type of the object has, such as `create`, `update` or `complete`.",
    "invalid_ref": 'A `ref` is not a string of 1 to 255 characters, or a reference does not have the form `{"ref":'
    ' "a"}`.',
    "duplicate_ref": "Two operations in a batch have the same `ref`.",
    "unknown_ref": "No create before this operation has this `ref`.",
    "invalid_revision": "`if_match` in a batch, or `revision` of an undo, is not an integer from 1 to 2^63 - 1.",
    "invalid_cursor": "`cursor` is not a cursor of this service, or it belongs to another user.",
}
