"""A flame graph as SVG, from stacks and how often each was seen.

A frame's width is its share of all samples; below it stands what called it.
Hovering shows name and share.  The same stacks give the same file.
"""

import zlib
from html import escape

WIDTH, ROW, FONT = 1200, 16, 11
LEAST = 0.3  # pixels; what is narrower is left out
LETTER = 6.4  # pixels, about


class Node:
    def __init__(self):
        self.count = 0
        self.children = {}

    def add(self, frames, count):
        self.count += count
        if frames:
            self.children.setdefault(frames[0], Node()).add(frames[1:], count)

    def depth(self):
        return 1 + max((child.depth() for child in self.children.values()),
                       default=0)


def colour(name, kinds):
    """One hue a kind of code, varied a little by the name."""
    shade = zlib.crc32(name.encode()) % 24
    for hue, belongs in kinds:
        if belongs(name):
            return f"hsl({hue},55%,{58 + shade % 12}%)"
    return f"hsl(0,0%,{70 + shade}%)"


def frame(name, node, x, y, width, total, kinds):
    share = f"{node.count / total:.1%}"
    yield (f'<g><title>{escape(name)}: {share}</title>'
           f'<rect x="{x:.1f}" y="{y}" width="{max(width - .4, .3):.1f}" '
           f'height="{ROW - 1}" fill="{colour(name, kinds)}"/>')
    letters = int((width - 4) / LETTER)
    if letters > 2:
        text = name if len(name) <= letters else name[:letters - 1] + "…"
        yield f'<text x="{x + 2:.1f}" y="{y + 11}">{escape(text)}</text>'
    yield "</g>"


def frames(node, x, level, scale, total, height, kinds):
    for name, child in sorted(node.children.items()):
        width = child.count * scale
        if width >= LEAST:
            yield from frame(name, child, x, height - level * ROW, width,
                             total, kinds)
            yield from frames(child, x, level + 1, scale, total, height, kinds)
        x += width


def svg(stacks, title, kinds):
    """stacks: {(outermost, …, innermost): count}; kinds: [(hue, belongs)]."""
    root = Node()
    for stack, count in stacks.items():
        root.add(stack, count)
    height = root.depth() * ROW + 24
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
             f'height="{height + ROW}" font-family="monospace" '
             f'font-size="{FONT}">',
             '<rect width="100%" height="100%" fill="white"/>',
             f'<text x="4" y="14">{escape(title)}</text>']
    lines += frames(root, 0, 1, WIDTH / root.count, root.count, height, kinds)
    return "\n".join([*lines, "</svg>", ""])
