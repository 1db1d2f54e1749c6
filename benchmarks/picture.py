"""Pictures as SVG text: bars of what a request costs, lines of how that grows. No library, and small enough to read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import log10
from typing import Final

from cases import CASES
from report import Figures, cost

WIDTH: Final = 860
FONT: Final = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif"
INK, FAINT, PAPER = "#1f2933", "#7b8794", "#ffffff"
OURS, OTHERS, FLOOR = "#2563eb", "#64748b", "#b8c2cc"
LINES: Final = ("#2563eb", "#059669", "#d97706", "#dc2626", "#7c3aed")
SHOWN: Final = ("get", "list100", "create")
LABELS: Final = 225  # where the bars begin
BAR, GAP, HEAD = 18, 7, 34


def bars(figures: Figures, titles: Mapping[str, str], footnote: str) -> str:
    """CPU per request, server and PostgreSQL, of the cases that matter most; the cheapest first."""
    parts: list[str] = []
    y = 64
    for case in SHOWN:
        rows = [(name, cases[case]) for name, cases in figures.items() if case in cases]
        if not rows:
            continue
        parts.append(_text(20, y + 4, CASES[case].title.capitalize(), weight="600", size=14))
        y += 16
        scale = (WIDTH - LABELS - 215) / max(cost(result) for _, result in rows)
        for name, result in sorted(rows, key=lambda row: cost(row[1])):
            color = OURS if name.startswith("doable") else FLOOR if "floor" in titles[name] else OTHERS
            server, total = (result.server_cpu or 0) * scale, cost(result) * scale
            middle = y + BAR / 2 + 4
            parts.append(
                _text(LABELS - 10, middle, titles[name], anchor="end", weight="600" if color == OURS else "400")
            )
            parts.append(_box(LABELS, y, server, BAR, color))
            parts.append(_box(LABELS + server, y, total - server, BAR, color, opacity=0.38))
            figure = f"{cost(result):,.0f} µs · {result.requests_per_second:,.0f} requests/s"
            parts.append(_text(LABELS + total + 8, middle, figure, color=FAINT))
            y += BAR + GAP
        y += HEAD
    title = "CPU time for one request"
    legend = "full colour: the server · pale: PostgreSQL · shorter is better"
    return _svg(
        y + 4, [_text(20, 30, title, weight="700", size=18), _text(250, 30, legend, color=FAINT), *parts], footnote
    )


@dataclass(frozen=True)
class Line:
    """`points` are pairs of size and microseconds."""

    title: str
    points: Sequence[tuple[int, float]]


def lines(panels: Mapping[str, Sequence[Line]], footnote: str) -> str:
    """One panel beside the other: how the cost of a request moves with size, against the smallest size."""
    gap = 70
    width = (WIDTH - 40 - gap * len(panels)) / len(panels)
    height, top = 240, 80
    parts = [_text(20, 30, "What a request costs as the data grows", weight="700", size=18)]
    parts.append(_text(390, 30, "CPU of server and PostgreSQL, µs · flat is good", color=FAINT))
    for number, (title, drawn) in enumerate(panels.items()):
        left = 60 + number * (width + gap)
        parts.append(_text(left, top - 18, title, weight="600", size=14))
        parts += _panel(left, top, width, height, drawn)
    return _svg(top + height + 100, parts, footnote)


def _panel(left: float, top: float, width: float, height: float, drawn: Sequence[Line]) -> Iterator[str]:
    sizes = sorted({size for line in drawn for size, _ in line.points})
    most = max(value for line in drawn for _, value in line.points) * 1.1
    span = log10(sizes[-1] / sizes[0])

    def at(size: int, value: float) -> tuple[float, float]:
        return left + width * log10(size / sizes[0]) / span, top + height * (1 - value / most)

    for part in range(5):
        value = most * part / 4
        _, y = at(sizes[0], value)
        yield f'<line x1="{left:.0f}" x2="{left + width:.0f}" y1="{y:.0f}" y2="{y:.0f}" stroke="#e4e7eb"/>'
        yield _text(left - 8, y + 4, f"{value:,.0f}", anchor="end", color=FAINT)
    for size in sizes:
        yield _text(at(size, 0)[0], top + height + 18, f"{size:,}", anchor="middle", color=FAINT)
    for number, (color, line) in enumerate(zip(LINES, drawn, strict=False)):
        points = [at(*point) for point in line.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2.5"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}"/>' for x, y in points)
        x, y = left + (number % 3) * width / 3, top + height + 44 + 18 * (number // 3)
        yield _box(x, y - 8, 14, 4, color)
        yield _text(x + 20, y, line.title)


def _svg(height: float, parts: Sequence[str], footnote: str) -> str:
    height += 24
    paper = f'<rect width="{WIDTH}" height="{height:.0f}" rx="8" fill="{PAPER}"/>'
    body = "\n".join([paper, *parts, _text(20, height - 16, footnote, color=FAINT, size=11)])
    size = f'width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" font-size="12">\n{body}\n</svg>\n'


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", weight: str = "400", color: str = INK, size: int = 12
) -> str:
    style = f'text-anchor="{anchor}" font-weight="{weight}" font-size="{size}" fill="{color}"'
    return f'<text x="{x:.0f}" y="{y:.0f}" {style}>{escape(text)}</text>'


def _box(x: float, y: float, width: float, height: float, color: str, *, opacity: float = 1) -> str:
    size = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height}"'
    return f'<rect {size} fill="{color}" fill-opacity="{opacity}"/>'
