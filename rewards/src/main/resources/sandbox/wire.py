"""Plain data as bytes, for the pipe between a solution and its checker (docs/rewards-code.md, "Functions").

Only what is listed here travels, and it arrives as exactly the builtin type: a subclass with an __eq__ of its own arrives
as a str, an int, a list. Anything else stays where it is and is known to the other side by a number.
A frame is its length as a decimal line, then that many bytes. Reading checks everything and runs nothing.
"""

LONGEST = 1 << 26
DEEPEST = 100


class WireError(Exception):
    """What came over the pipe is no frame of ours."""


class Handle:
    """An object that stays on the other side."""

    __slots__ = ("number",)

    def __init__(self, number):
        self.number = number


def encode(value, number_of, depth=0):
    """Bytes of a value; number_of(object) names an object that cannot travel."""
    if depth > DEEPEST:
        raise WireError("nested deeper than %d" % DEEPEST)
    if value is None:
        return b"N"
    if value is True or value is False:
        return b"T" if value else b"F"
    if value is Ellipsis:
        return b"E"
    kind = type(value)
    if issubclass(kind, int):
        return b"i%x;" % int.__index__(value) if value >= 0 else b"i-%x;" % -int.__index__(value)
    if issubclass(kind, float):
        return b"f%s;" % float.hex(value).encode()
    if issubclass(kind, complex):
        return b"c%s;%s;" % (float.hex(value.real).encode(), float.hex(value.imag).encode())
    if issubclass(kind, str):
        return sized(b"s", str.encode(value, "utf-8", "surrogatepass"))
    if issubclass(kind, (bytes, bytearray)):
        return sized(b"b" if issubclass(kind, bytes) else b"B", bytes(value))
    if kind is range:
        return b"r" + many(b"t", (value.start, value.stop, value.step), number_of, depth)
    for base, tag in ((list, b"l"), (tuple, b"t"), (set, b"S"), (frozenset, b"Z")):
        if issubclass(kind, base):
            return many(tag, base.__iter__(value), number_of, depth)
    if issubclass(kind, dict):
        return many(b"d", [x for pair in dict.items(value) for x in pair], number_of, depth)
    if kind is type and value in TYPES:
        return b"y%x;" % TYPES.index(value)
    if kind in VIEWS:
        return many(b"l", value, number_of, depth)
    if hasattr(kind, "__next__"):
        return many(b"I", value, number_of, depth)
    return b"h%x;" % number_of(value)


TYPES = [bool, int, float, complex, str, bytes, list, tuple, set, frozenset, dict, type(None)]
VIEWS = (type({}.keys()), type({}.values()), type({}.items()))


def sized(tag, data):
    return b"%s%x;%s" % (tag, len(data), data)


def many(tag, items, number_of, depth):
    parts = []
    size = 0
    for item in items:
        parts.append(encode(item, number_of, depth + 1))
        size += len(parts[-1])
        if size > LONGEST:
            raise WireError("more than %d bytes" % LONGEST)
    return b"%s%x;" % (tag, len(parts)) + b"".join(parts)


def decode(data, object_of):
    """The value; object_of(number) is what a handle becomes."""
    value, end = decode_at(data, 0, object_of, 0)
    if end != len(data):
        raise WireError("something behind the value")
    return value


def decode_at(data, at, object_of, depth):
    if depth > DEEPEST + 2:
        raise WireError("nested deeper than %d" % DEEPEST)
    tag, at = data[at : at + 1], at + 1
    if tag in CONSTANTS:
        return CONSTANTS[tag], at
    if tag == b"r":
        parts, at = decode_at(data, at, object_of, depth)
        return range(*parts), at
    word, at = upto(data, at)
    if tag == b"i":
        return int(word, 16), at
    if tag == b"f":
        return float.fromhex(word), at
    if tag == b"c":
        imaginary, at = upto(data, at)
        return complex(float.fromhex(word), float.fromhex(imaginary)), at
    size = int(word, 16)
    if tag == b"y" and 0 <= size < len(TYPES):
        return TYPES[size], at
    if tag == b"h":
        return object_of(size), at
    if size < 0 or size > len(data) - at:
        raise WireError("a length that cannot be")
    if tag in (b"s", b"b", b"B"):
        raw, at = data[at : at + size], at + size
        return str(raw, "utf-8", "surrogatepass") if tag == b"s" else bytes(raw) if tag == b"b" else bytearray(raw), at
    items = []
    for _ in range(size):
        item, at = decode_at(data, at, object_of, depth + 1)
        items.append(item)
    return collect(tag, items), at


CONSTANTS = {b"N": None, b"T": True, b"F": False, b"E": Ellipsis}


def upto(data, at):
    end = data.find(b";", at, at + (1 << 20))
    if end < 0:
        raise WireError("no end of a word")
    return data[at:end].decode("ascii"), end + 1


def collect(tag, items):
    if tag == b"d":
        return dict(zip(items[::2], items[1::2]))
    make = {b"l": list, b"t": tuple, b"S": set, b"Z": frozenset, b"I": iter}.get(tag)
    if make is None:
        raise WireError("an unknown tag")
    return make(items)


def send(pipe, data):
    pipe.write(b"%d\n" % len(data) + data)
    pipe.flush()


def receive(pipe):
    """The next frame; None at the end of the pipe."""
    head = pipe.readline(16)
    if not head:
        return None
    if not head.endswith(b"\n") or not head[:-1].isdigit() or int(head) > LONGEST + 1024:
        raise WireError("no frame")
    data = pipe.read(int(head))
    if len(data) < int(head):
        return None
    return data
