"""The page of the web app: what it gets from the server, and what a browser lets it do."""

from html import escape
from typing import Final
from urllib.parse import urlsplit

from doable.encoding import encode
from doable.http.cors import Headers
from doable.settings import Provider, Settings

# The one place in `web/index.html` that the server fills.
PLACE: Final = '<meta name="doable" content=""'

# The app shows this instead of the page while it is not built.
MISSING: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Doable: the web app is not built</title>
<link rel="icon" href="data:,">
</head>
<body>
<h1>The web app is not built</h1>
<p>The service runs, and so does its <a href="/docs">API</a>. Only the files of the web app are missing.</p>
<p>To build them, run <code>make web</code> in the folder of Doable's source, and start the service again. This needs
access to a registry of npm packages. An installed package of Doable contains the web app.</p>
</body>
</html>
"""

# What the app does not use, so that no code in its page can.
_FEATURES: Final = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi"),
    *("payment", "usb"),
)


def filled(page: str, settings: Settings, version: str) -> str:
    """The page with the settings that the app needs before its first request (`Config` of the app)."""
    provider = settings.provider
    configuration = {
        "version": version,
        "provider": "other" if provider is Provider.JWKS else provider.value,
        "signUp": settings.sign_up,
        "authUrl": settings.better_auth_url,
    }
    return page.replace(PLACE, PLACE.replace('""', f'"{escape(encode(configuration).decode())}"'))


def headers(auth_url: str | None) -> Headers:
    """The headers of the page and of its service worker. The app also connects to the origin of `auth_url`."""
    connect = "'self'"
    if auth_url is not None:
        parts = urlsplit(auth_url)
        connect += f" {parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; manifest-src 'self';"
        f" worker-src 'self'; connect-src {connect}; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
        " require-trusted-types-for 'script'; trusted-types svelte-trusted-html doable"
    )
    return [
        (b"content-security-policy", policy.encode()),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"permissions-policy", ", ".join(f"{feature}=()" for feature in _FEATURES).encode()),
    ]
