"""The learning curve as SVG, drawn by hand: two lines and what they mean."""

from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, TOP = 640, 300, 60, 30
AUTOMATIC, ERRORS = "#2b6cb0", "#c53030"


def curve(windows: Sequence[Mapping[str, float | int]]) -> str:
    """The picture: tickets to the right; upwards the share that went without a person, and the share that went wrong."""
    last = max(float(one["until"]) for one in windows)

    def line(name: str) -> str:
        points = [(float(one["until"]) / last, float(one[name])) for one in windows]
        return " ".join(f"{LEFT + x * WIDTH:.1f},{TOP + (1 - y) * HEIGHT:.1f}" for x, y in points)

    marks = [
        f'<text x="{LEFT - 8}" y="{TOP + (1 - y) * HEIGHT + 4:.0f}" text-anchor="end">{y:.0%}</text>'
        f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{TOP + (1 - y) * HEIGHT:.0f}"'
        f' y2="{TOP + (1 - y) * HEIGHT:.0f}" stroke="#ddd"/>'
        for y in (0, 0.25, 0.5, 0.75, 1)
    ]
    marks += [
        f'<text x="{LEFT + x * WIDTH:.0f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{x * last:.0f}</text>'
        for x in (0, 0.25, 0.5, 0.75, 1)
    ]
    wide, high = LEFT + WIDTH + 30, TOP + HEIGHT + 60
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}"'
            ' font-family="sans-serif" font-size="12">',
            "<title>Tickets, and the share that went without a person</title>",
            f'<rect width="{wide}" height="{high}" fill="#fff"/>',
            *marks,
            f'<polyline points="{line("automatic")}" fill="none" stroke="{AUTOMATIC}" stroke-width="2"/>',
            f'<polyline points="{line("errors")}" fill="none" stroke="{ERRORS}" stroke-width="2"/>',
            f'<text x="{LEFT}" y="{TOP - 10}" fill="{AUTOMATIC}">went without a person</text>',
            f'<text x="{LEFT + 180}" y="{TOP - 10}" fill="{ERRORS}">something was done and did not heal</text>',
            f'<text x="{LEFT + WIDTH / 2:.0f}" y="{TOP + HEIGHT + 40}" text-anchor="middle">tickets</text>',
            "</svg>",
            "",
        )
    )
