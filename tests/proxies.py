"""Reverse proxies as docs/deploy.md sets them up, each a process of its own, before a service on this machine."""

import os
import re
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Self

from needs import need
from processes import environment, eventually

DEPLOY = Path(__file__).parents[1] / "docs/deploy.md"
DOABLE = "127.0.0.1:8000"  # in a recipe


def recipe(language: str) -> str:
    """The block of docs/deploy.md in this language."""
    blocks = re.findall(rf"```{language}\n(.*?)```", DEPLOY.read_text(), re.DOTALL)
    assert len(blocks) == 1, f"docs/deploy.md has {len(blocks)} blocks of {language}"
    return str(blocks[0])


def put(text: str, *changes: tuple[str, str]) -> str:
    """The text with these changes; each has something to change, in one place."""
    for before, after in changes:
        assert text.count(before) == 1, f"{before!r} is {text.count(before)} times in the recipe"
        text = text.replace(before, after)
    return text


class ReverseProxy(ABC):
    """`with Nginx(directory, port_of_the_service) as proxy:`, and connect to `proxy.address`, without TLS."""

    program: ClassVar[str]
    end: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, directory: Path, service: int) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address: tuple[str, int] = free.getsockname()
        self._directory = directory
        self._here = f"127.0.0.1:{self.address[1]}"
        self._service = f"127.0.0.1:{service}"

    @abstractmethod
    def configuration(self) -> str: ...

    @abstractmethod
    def command(self, file: Path) -> list[str | Path]: ...

    def __enter__(self) -> Self:
        file = self._directory / f"{self.program}.conf"
        file.write_text(self.configuration())
        self._said = (self._directory / f"{self.program}.log").open("w+")
        self._process = subprocess.Popen(
            [need(self.program), *self.command(file)],
            cwd=self._directory,
            env=environment(HOME=str(self._directory), XDG_CONFIG_HOME=str(self._directory)),
            stdout=self._said,
            stderr=self._said,
        )
        try:
            eventually(self._listens)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(self.end)
        self._process.wait(20)
        self._said.close()

    def _listens(self) -> bool:
        assert self._process.poll() is None, Path(self._said.name).read_text()
        with socket.socket() as client:
            return client.connect_ex(self.address) == 0


class Nginx(ReverseProxy):
    """One worker that keeps few connections to the service, so that the next request takes the one of the last."""

    program = "nginx"

    def configuration(self) -> str:
        user = "user root;" if os.geteuid() == 0 else ""
        site = put(
            recipe("nginx"),
            (DOABLE, self._service),
            ("listen 443 ssl;", f"listen {self._here};"),
            ("  ssl_certificate /etc/ssl/tasks.example.com.crt;\n", ""),
            ("  ssl_certificate_key /etc/ssl/tasks.example.com.key;\n", ""),
            ("keepalive 16;", "keepalive 2;"),
        )
        return (
            f"daemon off; worker_processes 1; pid nginx.pid; error_log stderr crit; {user}\n"
            f"events {{ worker_connections 512; }}\nhttp {{\naccess_log off;\n{self.around()}\n{self.site(site)}\n}}\n"
        )

    def around(self) -> str:
        """What stands beside the recipe."""
        directories = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        return "\n".join(f"{name}_temp_path {name};" for name in directories)

    def site(self, site: str) -> str:
        return site

    def command(self, file: Path) -> list[str | Path]:
        return ["-p", self._directory, "-e", "stderr", "-c", file]


class NginxWithWebSockets(Nginx):
    """With the lines that many people have for all their sites: they pass an offer to upgrade on."""

    def around(self) -> str:
        return super().around() + "\nmap $http_upgrade $connection_upgrade { default upgrade; '' ''; }"

    def site(self, site: str) -> str:
        return put(
            site,
            (
                'proxy_set_header Connection "";',
                "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;",
            ),
        )


class HAProxy(ReverseProxy):
    """One thread, as each has connections of its own."""

    program = "haproxy"

    def configuration(self) -> str:
        site = put(
            recipe("haproxy"),
            (DOABLE, self._service),
            ("bind :443 ssl crt /etc/haproxy/tasks.example.com.pem", f"bind {self._here}"),
        )
        return f"global\n  nbthread 1\n{site}"

    def command(self, file: Path) -> list[str | Path]:
        return ["-db", "-f", file]


class Caddy(ReverseProxy):
    """For any name, as Caddy itself answers for those that it does not know."""

    program = "caddy"
    end = signal.SIGKILL  # Otherwise it waits for clients to leave.

    def configuration(self) -> str:
        port = self.address[1]
        site = put(
            recipe("caddy"), (DOABLE, self._service), ("tasks.example.com {", f"http://:{port} {{\n  bind 127.0.0.1")
        )
        return f"{{\n  admin off\n  auto_https off\n}}\n{site}"

    def command(self, file: Path) -> list[str | Path]:
        return ["run", "--adapter", "caddyfile", "--config", file]
