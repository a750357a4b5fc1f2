#!/usr/bin/env python3
"""Writes python_cases.def: what Python answers where bamboo has a name of Python's.

    tests/unit/stdlib/make_python_cases.py > tests/unit/stdlib/python_cases.def

A row is CASE(name, arguments, result): a method begins with a dot and its first argument is the
receiver; both are JSON; a result "!" means that Python refuses. Only subjects on which the two are
to agree are here: bamboo writes true for True, has no keyword arguments, and no tuples.
"""
import json
import sys

TEXTS = ["", "a", "abc", " a b  c ", "a,b,,c", ",", "aaaa", "Hello World", "hELLO wORLD 3rd they're",
         "\u00e4\u00d6\u00fc \u0436\u0416", "\u4e16\u754c", "x\u2003y\u00a0z", "a\r\nb\nc\r\rd\x0be\u2028f",
         "-42", "+7", "tab\there", "ab" * 5, "\u0130\u0131\u017f", "\U0001f38b bamboo"]
PARTS = ["", "a", ",", "aa", " ", "\u00e4", "lo"]

METHODS0 = ["upper", "lower", "capitalize", "title", "strip", "lstrip", "rstrip", "split", "rsplit",
            "splitlines", "isdigit", "isalpha", "isspace"]
METHODS1 = ["find", "rfind", "count", "startswith", "endswith", "removeprefix", "removesuffix",
            "split", "rsplit", "partition", "strip", "lstrip", "rstrip"]

FORMATS = ["{}", "{:5}|", "{:<5}|", "{:>5}|", "{:^5}|", "{:*^6}|", "{:\u00e4>4}", "{:05}", "{:5d}",
           "{:05d}", "{:+d}", "{: d}", "{:x}", "{:X}", "{:o}", "{:#x}", "{:#08x}", "{:.2f}",
           "{:8.3f}|", "{:<8.3f}|", "{:08.2f}", "{:+.1f}", "{:e}", "{:.3g}", "{:.3}", "{:s}",
           "{:>4s}|", "{:.2s}", "{:=+6d}", "{:*=6d}", "{:<06}", "{:d}", "{0}{0}", "{{{}}}", "{0:>3}",
           "{", "}", "{1}", "{:!}", "{:5.}"]
VALUES = [0, 7, -42, 255, 1.5, -2.25, 1e10, "ab", "\u4e16\u754c", ""]
NUMBERS = ["42", " 42\n", "-7", "+7", "", "4 2", "0x10", "9223372036854775807", "1.5", "1e3", ".5",
           "5.", "inf", "nan", "1e999", "-", "e5", "--1", "\t-0.25 "]


def known_difference(name, arguments):
    """Capitals that are several characters stay as they are; bamboo's ints have 64 bits."""
    text = arguments[0]
    if name in ("upper", "lower", "title", "capitalize") and isinstance(text, str):
        return any(len(c.upper()) > 1 or len(c.lower()) > 1 for c in text)
    return False


def plain(value):
    return list(map(plain, value)) if isinstance(value, (list, tuple)) else value


def answer(call):
    try:
        result = plain(call())
        return json.dumps(result, allow_nan=False)
    except (ValueError, TypeError, IndexError, OverflowError, KeyError):
        return "!"


def row(name, arguments, result):
    quoted = [json.dumps(text).replace("?", "\\?")
              for text in (name, json.dumps(arguments), result)]
    print("CASE(%s)" % ", ".join(quoted))


def method(name, receiver, *arguments):
    if not known_difference(name, [receiver]):
        row("." + name, [receiver, *arguments],
            answer(lambda: getattr(receiver, name)(*arguments)))


def function(name, body, *arguments):
    row(name, arguments, answer(lambda: body(*arguments)))


def strings():
    for text in TEXTS:
        for name in METHODS0:
            method(name, text)
        for name in METHODS1:
            for part in PARTS:
                if name == "rsplit" and part == "":
                    continue
                method(name, text, part)
        for count in (-1, 0, 1, 2):
            for separator in (None, ",", "aa"):
                method("split", text, separator, count)
                method("rsplit", text, separator, count)
            for old in ("a", "", "aa"):
                method("replace", text, old, "<\u00e4>", count)
        for width in (-5, 0, 4, 7):
            method("zfill", text, width)
            for name in ("ljust", "rjust", "center"):
                method(name, text, width)
                method(name, text, width, "\u00b7")
    method("ljust", "a", 5, "xy")
    method("join", ", ", ["a", "b", ""])
    method("join", "", [])
    method("join", ",", [1])


def others():
    for form in FORMATS:
        for value in VALUES:
            method("format", form, value)
    method("format", "{} {}", 1, "b")
    method("format", "{1} {0}", 1, "b")
    method("format", "{} {0}", 1, "b")
    for text in NUMBERS:
        function("int", int, text)
        function("float", lambda t: float(json.dumps(float(t), allow_nan=False)), text)
    for number in (1.5, -1.5, 0.0, 1e300, 7, True):
        function("int", lambda n: int(n) if abs(n) < 2**63 else int("too large"), number)
    for number in (0.5, 1.5, 2.5, -0.5, -2.5, 2.675, 1234.5678, 1e16, 3):
        function("round", round, number)
        for digits in (0, 1, 2, 5):
            function("round", round, number, digits)
    for bounds in ((3,), (0,), (-3,), (1, 4), (4, 1), (5, 0, -2), (0, 5, 2), (0, 6, 2), (1, 2, 0),
                   (-9223372036854775808, 9223372036854775807, 4611686018427387904),
                   (9223372036854775807, -9223372036854775808, -9223372036854775807)):
        function("range", lambda *b: list(range(*b)), *bounds)
    for values in ([], [3, 1, 2], [1, 1.0, 0], ["b", "a", "\u00e4", "Z"], [[2, 1], [1, 9], [1]],
                   [1, "a"], [2.5, -1]):
        function("sorted", sorted, values)
        function("sorted", lambda v, down: sorted(v, reverse=down), values, True)
        function("reversed", lambda v: list(reversed(v)), values)
        function("enumerate", enumerate_list, values, 5)
        function("any", any, values)
        function("all", all, values)
        function("min", min, values)
        function("max", max, values)
    for values in ([], [1, 2], [1, 2.5], [0.1, 0.2, 0.3]):
        function("sum", sum, values)
        function("sum", sum, values, 10)
    function("zip", lambda *v: list(zip(*v)), [1, 2, 3], ["a", "b"])
    for value in (None, 0, 1, "", "a", [], [0], {}, {"a": 0}, 0.0):
        function("bool", bool, value)
    for values, value in (([1, 2, 1], 1), ([1, 2], 3), (["a", [1]], [1])):
        method("index", values, value)
        method("count", values, value)
    method("get", {"a": 1}, "a")
    method("get", {"a": 1}, "b", 5)
    method("keys", {"b": 1, "a": 2})


def enumerate_list(values, start):
    return [list(pair) for pair in enumerate(values, start)]


class Views(dict):
    """A map whose keys can be written as JSON."""

    def keys(self):
        return list(super().keys())


_method = method


def method(name, receiver, *arguments):  # pylint: disable=function-redefined
    _method(name, Views(receiver) if isinstance(receiver, dict) else receiver, *arguments)


print("/* Made by make_python_cases.py with Python %d.%d: CASE(name, arguments, result). */"
      % sys.version_info[:2])
strings()
others()
