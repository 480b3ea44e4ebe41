"""Runs a problem's test code. The solution is another process in another sandbox: here are only proxies of what it
defines, which send arguments there and get plain data back. How it ended is the exit code; the report is on stderr.

/job/tests.py is the test code, /job/names.txt the mode and the entry points, one a line.
"""

import builtins
import os
import sys

import wire

PASSED, WRONG, RAISED, LOST, BROKEN = 0, 3, 4, 5, 6
TOLERANCE = 1e-6
RELATIVE = 1e-9
EXACT = 2.0 ** 53
INFINITE = float("inf")
ONLY_A_TREE = 0x400
exit_now = os._exit
answers, requests = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
report = os.fdopen(os.dup(2), "w", errors="replace")


class Score:
    passed = 0
    reached = 0
    stated = 0
    first = None  # (exit code, why) of the first failure


def end(code, why):
    """The last words: exit code, asserts passed, asserts there are, why."""
    total = max(Score.reached + (0 if code == PASSED else 1), Score.stated, 1)
    code, why = Score.first or (code, why)
    passed = total if code == PASSED else min(Score.passed, total - 1)
    report.write("%d %d %s\n" % (passed, total, " ".join(why.split())[:200]))
    report.flush()
    exit_now(code)


class Raised(Exception):
    """The solution raised something that has no name here."""


def raised(name, text):
    """A builtin error of that name, but none that ends a loop or a program quietly."""
    kind = getattr(builtins, name, None)
    usual = isinstance(kind, type) and issubclass(kind, Exception)
    if not usual or issubclass(kind, (StopIteration, StopAsyncIteration)) or name.startswith("Unicode"):
        error = Raised("%s: %s" % (name, text))
    else:
        error = kind(text)
    error.from_solution = True
    return error


def ask(*request):
    """Sends a request and waits for the answer. Where the solution is gone, so is the test, whatever it would catch."""
    try:
        data = wire.encode(request, number_of)
    except wire.WireError as error:
        end(WRONG, "an argument cannot be sent: %s" % error)
    try:
        wire.send(requests, data)
    except OSError:
        end(LOST, "the solution ended")
    return answer()


def answer():
    try:
        frame = wire.receive(answers)
        reply = None if frame is None else wire.decode(frame, proxy)
    except (wire.WireError, ValueError, TypeError, OverflowError, RecursionError, OSError) as error:
        end(LOST, "the solution's answer cannot be read: %s" % error)
    if reply is None:
        end(LOST, "the solution ended")
    if type(reply) is tuple and len(reply) == 2 and reply[0] == "value":
        return reply[1]
    if type(reply) is tuple and len(reply) == 3 and reply[0] == "error" and type(reply[1]) is type(reply[2]) is str:
        raise raised(reply[1], reply[2])
    end(LOST, "the solution's answer cannot be read")


def no_data(*_):
    raise TypeError("the solution gave an object that is no plain data")


class Proxy:
    """An object of the solution: can be called, asked for attributes, passed back. It equals nothing but itself."""

    __slots__ = ("_number",)

    def __init__(self, number):
        object.__setattr__(self, "_number", number)

    def __call__(self, *args, **kwargs):
        return ask("call", self, args, kwargs)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return ask("get", self, name)

    def __setattr__(self, name, value):
        ask("set", self, name, value)

    def __eq__(self, other):
        return self is other or no_data()

    def __ne__(self, other):
        return not self is other and no_data()

    __hash__ = object.__hash__
    __bool__ = __str__ = __repr__ = __format__ = no_data


proxies = {}


def proxy(number):
    return proxies.setdefault(number, Proxy(number))


def number_of(value):
    if type(value) is Proxy:
        return object.__getattribute__(value, "_number")
    raise wire.WireError("%s is no plain data" % type(value).__name__)


class Names(dict):
    """The test code's variables. What it never defines is a module of the standard library, or comes from the
    solution: the entry points, or if none are stated every other name that is not builtin."""

    def __init__(self, entry_points):
        super().__init__(__name__="tests", __builtins__=builtins)
        self.stated = entry_points

    def __missing__(self, name):
        if name in self.stated:
            value = ask("global", name)
        elif hasattr(builtins, name):
            raise KeyError(name)
        elif name in sys.stdlib_module_names:
            value = __import__(name)
        elif not self.stated:
            value = ask("global", name)
        else:
            raise KeyError(name)
        self[name] = value
        return value


def same(given, wanted):
    """Equality as Python has it, but floats may differ by 1e-6, absolute or relative, and a whole number may stand for
    the float that is wanted. A float never stands for a whole number unless Python says so."""
    if type(given) is type(wanted) is float:
        return given == wanted or abs(given - wanted) <= TOLERANCE * max(1.0, abs(given), abs(wanted)) < INFINITE
    if type(given) is int and type(wanted) is float:
        return given == wanted or whole(given, wanted)
    if type(given) is type(wanted) and type(given) in (list, tuple):
        return len(given) == len(wanted) and all(map(same, given, wanted))
    if type(given) is type(wanted) is dict:
        return given.keys() == wanted.keys() and all(same(given[key], wanted[key]) for key in given)
    return given == wanted


def whole(given, wanted):
    """A whole number where a float is wanted: 1e-6, but 1e-9 of it where floats do not tell whole numbers apart."""
    try:
        given = float(given)
    except OverflowError:
        return False
    size = abs(wanted)
    return abs(given - wanted) <= (TOLERANCE if size < EXACT else RELATIVE * size) < INFINITE


def count(value):
    """An assert: passed, or the usual error."""
    if not value:
        raise AssertionError("assertion %d failed" % (Score.reached + 1))
    Score.reached += 1
    Score.passed += 1


def skip(error):
    """All asserts are wanted: remember the first that failed and go on."""
    Score.reached += 1
    Score.first = Score.first or failure(error)


def failure(error):
    if getattr(error, "from_solution", False):
        return RAISED, "%s: %s" % (type(error).__name__, error) if type(error) is not Raised else str(error)
    return WRONG, str(error) if type(error) is AssertionError else "%s: %s" % (type(error).__name__, error)


def rewritten(source, all_wanted):
    """The tree of the test code: asserts are counted, and in them == is same()."""
    return transformed(tree_of(source), all_wanted)


def tree_of(source):
    return compile(source, "tests.py", "exec", ONLY_A_TREE, dont_inherit=True)


def transformed(node, all_wanted, in_assert=False):
    kind = type(node).__name__
    inside = in_assert or kind == "Assert"
    for field in getattr(node, "_fields", ()):
        value = getattr(node, field, None)
        if isinstance(value, list):
            value[:] = [transformed(x, all_wanted, inside) for x in value]
        elif hasattr(value, "_fields"):
            setattr(node, field, transformed(value, all_wanted, inside))
    if kind == "Compare" and in_assert and len(node.ops) == 1 and type(node.ops[0]).__name__ == "Eq":
        sides = [node.left, node.comparators[0]]
        backwards = not calls(sides[0]) and calls(sides[1])  # assert 3.0 == f(2)
        return call("__wanted__" if backwards else "__same__", sides, node).value
    if kind == "Assert":
        Score.stated += 1
        counted = call("__count__", [node.test], node)
        return guarded(counted, node) if all_wanted else counted
    return node


def calls(node):
    """True where something is called in it: that side of a comparison is what the solution gives."""
    if type(node).__name__ == "Call":
        return True
    for field in getattr(node, "_fields", ()):
        value = getattr(node, field, None)
        if any(calls(child) for child in (value if isinstance(value, list) else [value])):
            return True
    return False


def call(name, args, where):
    """The statement name(*args), at the line of another node."""
    statement = placed(tree_of("%s()" % name).body[0], where)
    statement.value.args = args
    return statement


def guarded(statement, where):
    """The statement, whose error is noted so that what follows runs too."""
    attempt = placed(tree_of("try:\n    pass\nexcept Exception as error:\n    __skip__(error)").body[0], where)
    attempt.body = [statement]
    return attempt


def placed(node, where):
    if hasattr(node, "lineno"):
        node.lineno, node.col_offset = where.lineno, where.col_offset
        node.end_lineno, node.end_col_offset = where.end_lineno, where.end_col_offset
    for field in getattr(node, "_fields", ()):
        value = getattr(node, field, None)
        for child in value if isinstance(value, list) else [value]:
            if hasattr(child, "_fields"):
                placed(child, where)
    return node


def main():
    nothing = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    sys.set_int_max_str_digits(0)
    with open("/job/names.txt", encoding="utf-8") as file:
        mode, *entry_points = file.read().split()
    try:
        with open("/job/tests.py", "rb") as file:
            source = file.read()
        code = compile(rewritten(source, mode == "all"), "tests.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError) as error:
        end(BROKEN, "the test code does not compile: %s" % error)
    if b"random" in source:
        __import__("random").seed(0)
    names = Names(entry_points)
    names.update(__same__=same, __wanted__=lambda wanted, given: same(given, wanted), __count__=count, __skip__=skip)
    try:
        answer()
        exec(code, names)
    except Exception as error:
        end(*failure(error))
    except BaseException as error:
        end(WRONG, "the test code ended with %s" % type(error).__name__)
    end(PASSED, "passed")


main()
