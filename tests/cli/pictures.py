"""Whether pictures of resources can be read: pictures.py PICTURE.svg…

In each, boxes are apart from each other and inside the picture; a frame holds a box wholly or not at
all, and frames lie in each other or apart; texts end inside their boxes; no line runs through a box
that it does not belong to. Prints what does not hold, and fails.
"""
import re
import sys
import xml.etree.ElementTree

SVG = '{http://www.w3.org/2000/svg}'
GAP = 4
# Of a letter, in parts of its size: the average of the fonts that the pictures name.
LETTER = 0.5


class Box:
    def __init__(self, element):
        self.x, self.y, self.width, self.height = (
            float(element.get(name, '0')) for name in ('x', 'y', 'width', 'height'))
        self.right, self.bottom = self.x + self.width, self.y + self.height

    def apart(self, other, gap):
        return (self.right + gap <= other.x or other.right + gap <= self.x
                or self.bottom + gap <= other.y or other.bottom + gap <= self.y)

    def holds(self, other):
        return (self.x <= other.x and self.y <= other.y
                and other.right <= self.right and other.bottom <= self.bottom)

    def contains(self, point, margin):
        return (self.x + margin < point[0] < self.right - margin
                and self.y + margin < point[1] < self.bottom - margin)


def points(path):
    """Points along a path of lines and cubic curves."""
    numbers = []
    here = None
    for command, rest in re.findall(r'([A-Za-z])([^A-Za-z]*)', path):
        numbers = [float(n) for n in re.findall(r'-?[0-9.]+', rest)]
        pairs = list(zip(numbers[::2], numbers[1::2]))
        if command == 'M':
            here = pairs[0]
        elif command == 'L':
            pairs = [p for p in pairs]
            for end in pairs:
                yield from ((here[0] + (end[0] - here[0]) * t / 20, here[1] + (end[1] - here[1]) * t / 20)
                            for t in range(21))
                here = end
        elif command in 'HV':
            for n in numbers:
                end = (n, here[1]) if command == 'H' else (here[0], n)
                yield from ((here[0] + (end[0] - here[0]) * t / 20, here[1] + (end[1] - here[1]) * t / 20)
                            for t in range(21))
                here = end
        elif command == 'C':
            for i in range(0, len(pairs), 3):
                a, b, end = pairs[i:i + 3]
                for step in range(21):
                    t = step / 20
                    w = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3)
                    yield tuple(w[0] * here[k] + w[1] * a[k] + w[2] * b[k] + w[3] * end[k] for k in (0, 1))
                here = end
        else:
            raise ValueError('a path with ' + command)


def problems(path):
    root = xml.etree.ElementTree.parse(path).getroot()
    nodes, frames, lines = [], [], []
    for group in root.iter(SVG + 'g'):
        rect = group.find(SVG + 'rect')
        kind = (rect.get('class') or '').split() if rect is not None else []
        if 'node' in kind:
            nodes.append((Box(rect), group.findall(SVG + 'text')))
        elif 'frame' in kind or 'stack' in kind:
            frames.append(Box(rect))
        lines += [p for p in group.findall(SVG + 'path') if 'edge' in (p.get('class') or '').split()]
    if not nodes:
        yield 'no box at all'
    width, height = (float(root.get(name)) for name in ('width', 'height'))
    for i, (box, texts) in enumerate(nodes):
        if box.x < 0 or box.y < 0 or box.right > width or box.bottom > height:
            yield f'the box {i} is outside'
        for other, _ in nodes[:i]:
            if not box.apart(other, GAP):
                yield f'the box {i} touches another'
        for frame in frames:
            if not frame.holds(box) and not frame.apart(box, 0):
                yield f'a frame cuts the box {i}'
        for text in texts:
            end = float(text.get('x')) + len(text.text) * float(text.get('font-size')) * LETTER
            if end > box.right:
                yield f'"{text.text}" leaves its box'
    for i, frame in enumerate(frames):
        for other in frames[:i]:
            if not (frame.holds(other) or other.holds(frame) or frame.apart(other, 0)):
                yield 'two frames cross'
    for line in lines:
        along = list(points(line.get('d')))
        for i, (box, _) in enumerate(nodes):
            if any(box.contains(point, 3) for point in along):
                yield f'a line runs through the box {i}: {line.get("d")}'


failed = False
for name in sys.argv[1:]:
    for problem in problems(name):
        print(f'{name}: {problem}')
        failed = True
sys.exit(1 if failed else 0)
