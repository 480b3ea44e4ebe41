#!/usr/bin/env python3
"""Renders small templates, one for each part of Jinja, with transformers and writes the results as a test fixture.

    V/bin/python tools/jinja_builtins.py model/src/test/resources/jinja/builtins.json     # V as in tools/chat_templates.py

Each case is a template with its text, or with "refusal" where transformers refuses it.
"""

import json
import sys

import chat_templates

MESSAGES = [{"role": "user", "content": "Hello, wide <b> world's end"}, {"role": "assistant", "content": "two\nlines\n"}]
VARIABLES = {
    "people": [{"name": "Ann", "age": 30, "tags": ["x", "y"]}, {"name": "bob", "age": 7, "tags": []}, {"name": "Cid", "age": 30}],
    "tree": [{"n": "a", "kids": [{"n": "b", "kids": []}, {"n": "c", "kids": [{"n": "d", "kids": []}]}]}, {"n": "e", "kids": []}],
    "schema": {"type": "object", "items": {"type": "string"}, "zeta": 1, "Alpha": 2},
    "words": "the quick brown fox jumps over the lazy dog",
}

CASES = r"""
{{ strftime_now is defined }}{{ raise_exception is defined }}{{ namespace is defined }}{{ range is defined }}{{ dict is defined }}{{ joiner
+++ is defined }}{{ cycler is defined }}{{ lipsum is defined }}{{ nothing is defined }}
{% if strftime_now is defined %}{{ strftime_now('%d %b %Y') }}{% else %}26 Jul 2024{% endif %}
{{ strftime_now is callable }}{{ 'x' is callable }}{{ range is none }}{{ strftime_now is string }}
{% set f = strftime_now %}{{ f('%Y') }}
{{ strftime_now('%Y-%m-%d %H:%M:%S %a %A %b %B %j %p %I %y %%') }}
{% for k, v in messages[-1]|dictsort %}{{ k }}={{ v }};{% endfor %}{% for k, v in messages[-1]|items %}{{ k }};{% endfor %}
{{ messages[0]|tojson }}|{{ messages[0] }}|{{ messages[0]|list }}|{{ messages[0].keys()|list }}|{{ messages[0].values()|list }}
{{ schema|tojson(sort_keys=true) }}{{ schema|tojson(indent=2) }}{{ schema|tojson(separators=(',', ':')) }}
{{ {'b': 1, 'a': {'d': 2, 'c': 3}}|tojson }}{{ {'é': '\u2028 😀'}|tojson(ensure_ascii=true) }}
{{ {1: 'a', none: 3, 1.5: 4}|tojson }}
{{ '{}: {}'.format(messages[0].role, messages[0].content) }}{{ '%s' | format('z') }}
{{ '{0}-{1}-{0}'.format('a', 'b') }}{{ '{x}/{y[0]}/{z.name}'.format(x=1, y=[2], z=people[0]) if false else '' }}{{ '{x}{{}}'.format(x=1) }}
{{ '{:>5}|{:<5}|{:^5}|{:*^7}|{:05d}|{:.2f}|{:,}|{:+d}|{:x}|{:%}|{:e}|{:g}|{!r}'.format('a', 'b', 'c', 'd', 42, 3.14159, 1234567, 5, 255,
+++ 0.25, 12345.678, 0.0001, 'q') }}
{{ '%5s|%-5s|%05d|%.2f|%+d|%x|%X|%o|%e|%g|%%|%r|%c' % ('a', 'b', 42, 3.14159, 5, 255, 255, 8, 12345.678, 1234567.0, 'q', 'z') }}
{{ '%s and %s'|format('a', 1) }}{{ '%(x)s'|format(x='y') }}{{ '%s' % none }}{{ '%s' % [1, 2] }}{{ '%d%%' % 50 }}
{{ '%s %s' % ('a',) }}
{{ '%d' % 'a' }}
{{ '{}'.format() }}
{% for i in range(6) %}{{ loop.cycle('a', 'b', 'c') }}{{ loop.index }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{
+++ loop.depth }}{{ loop.depth0 }} {% endfor %}
{% for i in [1, 1, 2, 2, 1] %}{% if loop.changed(i) %}{{ i }}{% endif %}{{ loop.previtem }}{{ loop.nextitem }}{% endfor %}
{% for i in tree recursive %}{{ i.n }}{{ loop.depth }}({{ loop(i.kids) }}){% endfor %}
{% for i in tree recursive %}{{ i.n }}{% if i.kids %}[{{ loop(i.kids) }}]{% endif %}{% else %}-{% endfor %}
{% for i in [1] %}{{ loop(i) }}{% endfor %}
{% for a, b in [(1, 2), (3, 4)] %}{{ a }}{{ b }};{% endfor %}{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}
{% for i in 'añ😀' %}{{ i }}.{% endfor %}{% for i in {'x': 1} %}{{ i }}{% endfor %}{% for i in nothing %}x{% else %}e{% endfor %}
{% for i in [1, 2, 3] if i > 1 %}{{ loop.index }}{{ i }}{% else %}none{% endfor %}
{% for i in range(3) %}{% for j in range(2) %}{{ loop.index }}{{ i }}{% endfor %}{{ loop.index }}{% endfor %}
{% for i in range(9) %}{% if i is odd %}{% continue %}{% endif %}{% if i > 5 %}{% break %}{% endif %}{{ i }}{% endfor %}
{% set x = 1 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}{% if true %}{% set x = 9 %}{% endif %}{{ x }}
{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set t = 1, %}{{ t }}{% set (c, d) = (3, 4) %}{{ c }}{{ d }}
{% set x %}  a{{ 1 }} {% endset %}[{{ x }}]{% set y | trim | upper %}  q {% endset %}[{{ y }}]
{% set ns = namespace(a=1, b=[]) %}{% for i in [1, 2] %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }}{{ ns.c is defined }}{{ ns is mapping
+++ }}
{% set ns.a = 1 %}
{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a is defined }}{% with %}{% set q = 1 %}{{ q }}{% endwith %}{{ q }}
{% filter upper %}a{{ 'b' }}{% endfilter %}{% filter replace('a', 'o') | upper %}banana{% endfilter %}
{% macro m(a, b='-', c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }}{{ m(1, 2, 3) }}{{ m(c=1, a=2) }}{{ m() }}
{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}
{% macro list(items) %}<{% for i in items %}{{ caller(i) }}{% endfor %}>{% endmacro %}{% call(i) list([1, 2]) %}[{{ i }}]{% endcall %}
{% macro box(t) %}{{ t }}:{{ caller() }}{% endmacro %}{% call box('x') %}body{% endcall %}
{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(4) }}
{% macro m(x) %}{{ x }}{% endmacro %}{% set g = m %}{{ g('a') }}{{ m is callable }}{{ m('  b ') | trim }}
{% set v = 1 %}{% macro m() %}{{ v }}{% endmacro %}{% set v = 2 %}{{ m() }}
{% autoescape false %}{{ '<' }}{% endautoescape %}
{% raw %}{{ x }}{% endraw %}|{%- raw -%}  {% if %} {%- endraw %}
{% set j = joiner('|') %}{% for i in range(3) %}{{ j() }}{{ i }}{% endfor %}{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{
+++ c.next() }}{{ c.current }}{{ c.reset() }}{{ c.current }}
{{ 1 < 2 < 3 }}{{ 1 < 3 < 2 }}{{ 3 > 2 > 1 == 1 }}{{ 1 in [1] in [[1]] }}{{ 'a' not in 'abc' }}{{ not 1 == 2 }}
{{ 1 if true }}{{ 1 if false }}|{{ 1 if false else 2 if false else 3 }}{{ (1 if false) is defined }}
{{ 'a' or 'b' }}{{ '' or 'b' }}{{ 'a' and 'b' }}{{ '' and 'b' }}{{ not 'a' }}{{ 0 or none }}{{ nothing and 1 }}
{{ 2 ** 3 ** 2 }}{{ -2 ** 2 }}{{ 7 // 2 }}{{ -7 // 2 }}{{ -7 % 3 }}{{ 7 / 2 }}{{ 1 ~ 2 * 3 }}{{ 'a' * 3 }}{{ 2 * [1] }}{{ [1] + [2] }}{{
+++ (1,) + (2,) }}
{{ -1|abs }}{{ (-1)|abs }}{{ 1.0 }}{{ 1e3 }}{{ 1_000 }}{{ 0x1f }}{{ 1e-7 }}{{ 1e20 }}{{ 0.1 + 0.2 }}{{ 10 / 5 }}
{{ [1, 2, 3][1:] }}{{ [1, 2, 3][::-1] }}{{ 'abc'[:2] }}{{ 'abc'[-1] }}{{ 'a😀c'[1] }}{{ (1, 2, 3)[0:2] }}{{ [1][5] is defined }}{{ 'abc'[::2]
+++ }}{{ 'abc'.0 }}
{{ none.x is defined }}{{ none['x'] is defined }}{{ none.x }}{{ 1.5 .x is defined }}{{ 'a'.x is defined }}
{{ nothing.x }}
{{ nothing['x'] }}
{{ nothing[1:] }}
{{ schema.items is callable }}{{ schema['items'] }}{{ schema['keys'] is callable }}{{ schema.nope is defined }}{{ 'x'.upper is defined }}{{
+++ schema.get('zeta') }}{{ schema.get('no') }}{{ schema.get('no', 5) }}
{{ [1, 2, none, true, 'a', 1.5, {'x': (1, 2)}, ()] }}{{ (1,) }}{{ 'it''s' ~ "q" }}{{ ["it's", 'say "x"', 'a\\b', '\t\n\x07é\xa0'] }}
{{ people|map(attribute='name')|join(', ') }}{{ people[:2]|map(attribute='tags.0')|list }}{{ people|map(attribute='tags', default=[])|list
+++ }}{{ ['a', 'b']|map('upper')|list }}{{ ['a b']|map('replace', ' ', '-')|first }}{{ people|map('attr', 'name')|list }}
{{ people|selectattr('age', 'equalto', 30)|map(attribute='name')|list }}{{ people|rejectattr('age', '>', 10)|list|length }}{{
+++ people|selectattr('tags')|list|length }}{{ people|selectattr('tags', 'defined')|list|length }}{{ [1, 2, 3]|select('odd')|list }}{{ [1,
+++ 2, 3]|reject('in', [1])|list }}{{ [0, 1]|select|list }}{{ [1, 2]|select('==', 2)|list }}
{{ people|groupby('age')|length }}{% for g in people|groupby('age') %}{{ g.grouper }}:{{ g.list|map(attribute='name')|list }}{% endfor %}{%
+++ for k, v in people|groupby('age') %}{{ k }}{{ v|length }}{% endfor %}
{{ people|sort(attribute='name')|map(attribute='name')|list }}{{ people|sort(attribute='age,name', reverse=true)|map(attribute='name')|list
+++ }}{{ ['b', 'A', 'c']|sort }}{{ ['b', 'A']|sort(case_sensitive=true) }}{{ [3, 1]|sort(true) }}
{{ ['a', 'A', 'b']|unique|list }}{{ ['a', 'A']|unique(true)|list }}{{ ['b', 'A']|min }}{{ ['b', 'A']|max }}{{ people|max(attribute='age') }}
+++{{ []|min is defined }}{{ [1, 2]|sum }}{{ people|sum(attribute='age') }}{{ [1]|sum(start=10) }}{{ [1.5, 1]|sum }}
{{ [1, 2, 3, 4, 5]|batch(2)|list }}{{ [1, 2, 3]|batch(2, 'x')|list }}{{ [1, 2, 3, 4, 5]|slice(2)|list }}{{ [1, 2, 3, 4]|slice(3, 'x')|list
+++ }}
{{ schema|dictsort }}{{ schema|dictsort(true) }}{{ {'a': 2, 'b': 1}|dictsort(by='value') }}{{ {'a': 2, 'b': 1}|dictsort(reverse=true) }}{{
+++ {'a': 1}|items|list }}{{ nothing|items|list }}
{{ [1, 2]|reverse|list }}{{ 'añ😀'|reverse }}{{ [1, 2]|first }}{{ 'abc'|last }}{{ []|first is defined }}{{ 'abc'|list }}{{ 'abc'|length }}{{
+++ '😀'|count }}{{ nothing|length }}
{{ 'hello WORLD it''s-a (test)'|title }}{{ "it's x-y"|title }}{{ "it's x-y".title() }}{{ 'aBC dEF'|capitalize }}{{ 'aBc'|upper }}{{
+++ 'AbC'|lower }}{{ 'x'|center(5) }}|{{ '  x '|trim }}{{ 'xxaxx'|trim('x') }}{{ 'straße'|upper }}
{{ 'a\nb\n\nc'|indent }}|{{ 'a\nb'|indent(2, true) }}|{{ 'a\n\nb'|indent(2, blank=true) }}|{{ 'a\nb\n'|indent('> ') }}|{{ ''|indent(2, true)
+++ }}
{{ words|truncate(20) }}|{{ words|truncate(20, true) }}|{{ words|truncate(42) }}|{{ words|truncate(20, end='…', leeway=0) }}|{{
+++ words|wordcount }}
{{ 'a-b-c'|replace('-', '+') }}{{ 'aaa'|replace('a', 'b', 2) }}{{ 123|replace(2, 'x') }}{{ '<&>\'"'|escape }}{{ '<'|e }}{{ 'a
+++ b/c&d=é'|urlencode }}{{ {'a b': 'c&d', 'e': 1}|urlencode }}
{{ 42.55|round(1) }}{{ 42.5|round }}{{ 43.5|round }}{{ 42|round }}{{ 42.123|round(2, 'ceil') }}{{ 42.129|round(2, 'floor') }}{{
+++ 2.675|round(2) }}{{ '42'|int }}{{ '42.7'|int }}{{ 'x'|int }}{{ 'x'|int(7) }}{{ 'ff'|int(base=16) }}{{ '1.5'|float }}{{ 'x'|float }}{{
+++ 3.9|int }}{{ none|int }}{{ -5|abs }}
{{ nothing|default('d') }}{{ ''|default('d') }}{{ ''|default('d', true) }}{{ none|d('x') }}{{ none|d('x', true) }}{{ 5|string }}{{
+++ none|string }}{{ [1, 'a']|join('-') }}{{ 'abc'|join('.') }}{{ [1]|join }}{{ people|join(',', attribute='name') }}
{{ 'abc'|safe }}
{{ 'a,b,,c'.split(',') }}{{ ' a  b '.split() }}{{ 'a b c'.split(' ', 1) }}{{ 'a b c'.rsplit(' ', 1) }}{{ 'a  b c'.rsplit(none, 1) }}{{ 'a b 
+++ c'.split(none, 1) }}{{ 'a\nb\r\nc\n'.splitlines() }}{{ 'a\nb'.splitlines(true) }}{{ 'a-b-c'.partition('-') }}{{ 'a-b-c'.rpartition('-')
+++ }}{{ 'abc'.partition('-') }}
{{ 'abc'.find('c') }}{{ 'abc'.find('x') }}{{ 'abcabc'.rfind('b') }}{{ 'abc'.index('b') }}{{ 'aXbX'.count('X') }}{{ 'abc'.startswith('ab') }}
+++{{ 'abc'.startswith(('x', 'a')) }}{{ 'abc'.endswith('c') }}{{ '-'.join(['a', 'b']) }}{{ 'abc'.replace('b', '') }}{{ 'aaa'.replace('a',
+++ 'b', 1) }}
{{ 'x'.center(4) }}|{{ 'ab'.center(5, '*') }}|{{ 'x'.ljust(3) }}|{{ 'x'.rjust(3, '0') }}|{{ '-5'.zfill(4) }}|{{ 'aBc'.swapcase() }}|{{
+++ 'STRASSE'.casefold() }}|{{ 'a\tb'.expandtabs(4) }}|{{ 'pre-x'.removeprefix('pre-') }}|{{ 'x.txt'.removesuffix('.txt') }}
{{ '12'.isdigit() }}{{ 'a1'.isalnum() }}{{ 'ab'.isalpha() }}{{ ' '.isspace() }}{{ 'AB'.isupper() }}{{ 'ab'.islower() }}{{ 'Ab Cd'.istitle()
+++ }}{{ 'é'.isascii() }}{{ ''.isdigit() }}{{ '12'.isnumeric() }}{{ '12'.isdecimal() }}
{{ '  a '.strip() }}|{{ '  a '.lstrip() }}|{{ '  a '.rstrip() }}|{{ 'xaxx'.strip('x') }}|{{ '\u3000a\u00a0'.strip() }}|{{ 'ab'.lstrip('ba')
+++ }}|
{{ 'abc'.index('x') }}
{{ [1, 2, 1].count(1) }}{{ [1, 2].index(2) }}{{ (1, 2).count(1) }}{{ {'a': 1}.copy() }}{{ {'a': 1}.items()|list }}
{{ [1].append(2) }}
{{ {'a': 1}.update({'b': 2}) }}
{{ {'a': 1}.pop('a') }}
{{ {'a': 1}.setdefault('b', 2) }}
{{ 1 is number }}{{ 1 is integer }}{{ 1.0 is float }}{{ true is integer }}{{ true is boolean }}{{ true is number }}{{ 'a' is string }}{{ []
+++ is sequence }}{{ {} is mapping }}{{ 'a' is iterable }}{{ 5 is iterable }}{{ none is none }}{{ 3 is odd }}{{ 4 is even }}{{ 6 is
+++ divisibleby 3 }}{{ 6 is divisibleby(4) }}{{ 'a' is lower }}{{ 'A' is upper }}{{ 1 is eq 1 }}{{ 1 is ne 2 }}{{ 1 is lt 2 }}{{ 1 is
+++ lessthan 2 }}{{ 2 is greaterthan 1 }}{{ 1 is ge 1 }}{{ 1 is in [1] }}{{ none is sameas none }}{{ true is true }}{{ 1 is true }}{{ false
+++ is false }}{{ 'upper' is filter }}{{ 'nope' is filter }}{{ 'odd' is test }}{{ 'x' is escaped }}{{ 'x' is undefined }}{{ x is not defined
+++ }}{{ '12' is lower }}
{{ dict(a=1, b=2) }}{{ dict([('a', 1)]) }}{{ dict({'x': 1}, y=2) }}{{ range(3)|list }}{{ range(1, 7, 2)|list }}{{ range(3, 0, -1)|list }}{{
+++ range(0)|list }}
{{ range(10 ** 9) }}
{{ raise_exception('no ' ~ 1) }}
{% set args = [1, 2] %}{% macro m(a, b, c=0) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(*args) }}{{ m(*args, **{'c': 3}) }}
{{ [1, [2, 3]][1][0] }}{{ {'a': {'b': 1}}.a.b }}{{ {'a-b': 1}['a-b'] }}{{ people[0]['name'] }}{{ people[-1].name }}{{ people.0.name }}
{{ 'a' 'b' }}{{ 'x\
y' }}
a{#- c -#} b {# d #}
 {%+ if true %} x{% endif +%}
 y
{{ messages|selectattr('role', 'equalto', 'user')|list|length }}{{ messages|map(attribute='content')|map('length')|sum }}{{
+++ (messages|last).content.rstrip('\n') }}{{ messages[1:]|length }}{{ messages[0]['content'].split('<b>')[-1].lstrip() }}
{{ messages|length > 1 and messages[0].role == 'user' }}{{ 'role' in messages[0] }}{{ 'user' in messages|map(attribute='role') }}{{
+++ messages[0].get('tool_calls') is none }}{{ messages[0].tool_calls is defined }}
{{ undefined_function() }}
{{ 'x'|nope }}
{{ 'x' is nope }}
{% include 'x' %}
{% do 1 %}
{{ 1 + 'a' }}
{{ 'a' + 1 }}
{{ 1 / 0 }}
{{ [] < 'a' }}
{% if %}x{% endif %}
{% endif %}
{% for %}{% endfor %}
{{ }}
{{ 1 2 }}
{{ 'a'|first.x }}
{% generation %}x{% endgeneration %}
{{ messages[0].content is defined and messages[0].content is not none }}{{ messages[0]['x'] is undefined }}
{% if messages[0]['role'] == 'system' %}a{% elif messages[0].role in ['user', 'x'] %}b{% else %}c{% endif %}
{%- set loop_messages = messages[1:] if messages[0]['role'] == 'user' else messages -%}{{ loop_messages|length }}
{{ "a" if messages[0].role is eq('user') else "b" }}{{ messages[0].role is in ['user'] }}
{{ (messages|map(attribute='role')|list)[-1] }}{{ (messages|map(attribute='role')|list)|join('/') }}
{{ '\n'.join(['a', 'b']) }}{{ "\n\n".join(messages|map(attribute='content')|list) }}
{% set a = namespace(x=[]) %}{% set a.x = a.x + [1] %}{{ a.x }}{{ a.x[0] }}{{ a['x'] }}
{% for m in messages if m.role == 'assistant' %}{{ m.content }}{% endfor %}
{% for m in messages | reverse %}{{ loop.index0 }}{{ m.role }}{% endfor %}
{% for m in messages %}{% if loop.first %}F{% elif not loop.last %}M{% else %}L{% endif %}{% endfor %}
{{ messages | tojson(indent=4) }}
{{ {'a': [], 'b': {}}|tojson(indent=2) }}{{ []|tojson }}{{ {}|tojson(indent=2) }}{{ none|tojson }}{{ 'é"\\/'|tojson }}{{ 1e20|tojson }}{{
+++ 1.0|tojson }}{{ (1, 2)|tojson }}
{{ nothing|tojson }}
{{ namespace()|tojson }}
{{ 'abc' is sameas 'abc' }}{{ 1 is sameas 1 }}
{{ "%s-%s" % ("a", 1) }}{{ "%.3s|%5.1f|%-6d|%+.2e" % ("abcdef", 3.14159, 42, 1234.5) }}
{{ "{:,.2f}|{:>+8.1f}|{:08.3f}|{:^9}|{:d}|{:s}|{!s:>4}|{:.3}|{:.3g}|{:b}|{:o}|{:#x}|{:c}".format(1234567.891, 2.5, 3.14159, 'mid', 7, 'q',
+++ 'r', 'abcdef', 1234.5, 5, 8, 255, 65) }}
{{ '{0[0]}{1[k]}{a.b}'.format([1], {'k': 2}, a={'b': 3}) }}
{{ '{0[0]}{1[k]}'.format([1], {'k': 2}) }}
{{ '{'.format() }}
{{ '}'.format() }}
{{ '{:q}'.format(1) }}
{{ '{:d}'.format('a') }}
{{ '{}{}'.format(1) }}
{{ '%s'|format }}
{{ '%s%%'|format(5) }}{{ '%(a)s %(b)d'|format(a=1, b=2) }}{{ '%5s'|format('é') }}
{{ 'a' ~ 1 ~ none ~ true ~ 1.5 ~ [1] }}{{ 1 ~ 2 }}
{{ true + 1 }}{{ true == 1 }}{{ none == false }}{{ 'a' < 'b' }}{{ [1, 2] < [1, 3] }}{{ 1 == 1.0 }}{{ [1] == (1,) }}{{ {} == [] }}
{{ 'a' in ['a'] }}{{ 'a' in {'a': 1} }}{{ 1 in 'a' }}
{{ nothing in 'abc' }}
{{ 'x' in nothing }}{{ nothing == nothing }}{{ nothing == none }}{{ nothing ~ 'a' }}{{ nothing|length }}{{ nothing|upper }}{{ nothing|join
+++ }}{{ nothing|list }}
{{ nothing + 1 }}
{{ nothing() }}
{{ -nothing }}
{{ none + 1 }}
{{ none|length }}
{{ none|join }}
{{ 5|length }}
{{ 5[0] is defined }}{{ none[0] is defined }}{{ 'abc'[10] is defined }}{{ [1][1:] }}{{ none[1:] is defined }}
{{ messages.0.role }}{{ messages[0].role.upper() }}{{ messages[0]['role'][0]|upper }}{{ messages[0].content[:5] }}{{
+++ messages[0].content.split(',')|length }}
{{ ('a', 'b')|join }}{{ ('a', 'b')[0] }}{{ ()|length }}{{ (1) }}{{ (1,)|length }}{{ [(1, 'a')]|list }}
{% set x %}{% endset %}{{ x == '' }}{{ x|length }}
{% set x = 'a' %}{% macro m() %}{{ x }}{% set x = 'b' %}{{ x }}{% endmacro %}{{ m() }}{{ x }}
{% macro m(a) %}{% if a %}{{ a }}{% endif %}{% endmacro %}[{{ m() }}][{{ m(1) }}]
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=2) }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}
{% macro m(a=[]) %}{{ a|length }}{% endmacro %}{{ m() }}{{ m([1]) }}{{ m.name }}
{% macro outer() %}{% macro inner() %}i{% endmacro %}{{ inner() }}{% endmacro %}{{ outer() }}
{% for i in [1, 2] %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}
{% call m() %}x{% endcall %}
{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}
{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}
{% for i in [3, 1, 2]|sort %}{{ i }}{% endfor %}{% for i in 'ab' %}{{ loop.index }}{% endfor %}{% for k in {'b': 1, 'a': 2}|sort %}{{ k }}{%
+++ endfor %}
{% for i in 5 %}{{ i }}{% endfor %}
{% for i in none %}{{ i }}{% endfor %}
{% for a, b in [1] %}{% endfor %}
{% for a, b in ['xy'] %}{{ a }}{{ b }}{% endfor %}
{% for i in [] %}{% else %}e{% endfor %}{% for i in [1] if false %}{% else %}e{% endfor %}
{% for i in [1, 2, 3] %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% else %}e{% endfor %}
{{ loop is defined }}{% for i in [1] %}{% endfor %}{{ i is defined }}
{% set i = 0 %}{% for i in [1, 2] %}{{ i }}{% endfor %}{{ i }}
{% if true %}{% for i in [1] %}{% set y = i %}{% endfor %}{{ y is defined }}{% endif %}
{% set ns = namespace(found=false) %}{% for m in messages %}{% if m.role == 'assistant' %}{% set ns.found = true %}{% endif %}{% endfor %}{{
+++ ns.found }}
{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }}
{% set ns = namespace() %}{% set ns.x = 1 %}{{ ns.x }}{{ ns is defined }}
{{ 'Hello'|replace('l', 'L')|lower|title }}{{ 'hello world'|title }}{{ "o'neil MAC-donald"|title }}
{{ 10|string|length }}{{ '3'|int + 4 }}{{ '3.5'|float * 2 }}{{ 7|float }}{{ true|int }}{{ '0x1A'|int(base=16) }}{{ ' 12 '|int }}{{
+++ '1e3'|float }}{{ '1_000'|int }}
{{ 3.0 }}{{ 3.14 }}{{ 1e16 }}{{ 123456789.123 }}{{ 1/3 }}{{ 2**0.5 }}{{ 2**-1 }}{{ 10**2 }}{{ 5 % 3 }}{{ 5.5 % 2 }}{{ -5 // 2 }}{{ 5.5 // 2
+++ }}
{{ 'a\\nb' }}{{ 'a\nb' }}{{ "tab\there" }}{{ '\x41\u00e9\U0001F600' }}{{ '\'' }}{{ "\"" }}{{ '\d' }}{{ '\/' }}
{{ [1, 2, 3]|first }}{{ []|last is defined }}{{ [3, 1]|max }}{{ 'hello'|first }}{{ {'a': 1}|first }}{{ {'a': 1}|list }}{{ {'a': 1}|length }}
{{ [1, [2, [3]]]|string }}{{ [none, true]|string }}{{ {'a': none}|string }}{{ "a'b"|string }}{{ ["a'b\"c"]|string }}
{{ ['a', 'b', 'c']|batch(2)|map('join')|join('|') }}{{ [{'a': 1}, {'a': 2}]|map(attribute='a')|sum }}{{ [[1, 2], [3]]|sum(start=[]) }}
{{ messages|selectattr('role', 'in', ['user'])|list|length }}{{ messages|selectattr('nope')|list }}{{ messages|rejectattr('content',
+++ 'none')|list|length }}{{ messages|selectattr('tool_calls', 'defined')|list }}{{ messages|selectattr('role', 'ne',
+++ 'user')|map(attribute='role')|first }}
{{ [1, 'a', none]|select('string')|list }}{{ [1, 2, 3, 4]|select('divisibleby', 2)|list }}{{ ['a', 'b']|reject('equalto', 'a')|list }}{{ [1,
+++ 2]|map('string')|join }}{{ ['1', 'x']|map('int', 5)|list }}{{ [' a ']|map('trim')|list }}{{ [[2, 1]]|map('sort')|list }}
{{ "a,b;c".replace(',', ';').split(';') }}{{ 'a'.join('bc') }}{{ 'x'*0 }}|{{ 'ab'*-1 }}|{{ [0]*3 }}
{{ 'abc'.startswith('') }}{{ ''.split(',') }}{{ ''.split() }}{{ ''.splitlines() }}{{ 'a\n'.splitlines() }}{{ '\n'.splitlines() }}{{
+++ 'a\x0bb\x1cc\u2028d'.splitlines() }}{{ ','.split(',') }}
{{ 'a-b'.rsplit('-') }}{{ 'a.b.c'.split('.', maxsplit=1) }}{{ 'a.b.c'.rsplit('.', maxsplit=1) }}{{ 'abc'.count('') }}{{ ''.count('') }}{{
+++ 'abc'.find('') }}{{ 'abc'.find('b', 2) }}{{ 'abc'.replace('', '-') }}
{{ 'abc'|replace('', '-') }}
{{ 'x'|indent(width=4, first=True) }}|{{ 'a\n  b\n'|indent(3) }}|{{ '\n\na'|indent }}|{{ 'a\r\nb'|indent(1) }}
{{ 'é'|upper }}{{ 'ΑΣ'|lower }}{{ 'ŉ'|upper }}{{ 'ǆ'|title }}{{ 'İ'|lower|length }}
{{ 1 if messages else 2 }}{{ (messages or []) is sequence }}{{ [] or 'x' }}{{ not [] }}{{ not not 'a' }}{{ (not 'a') or 'b' }}
{{ [1, 2, 3] | length > 2 }}{{ 2 > [1]|length }}{{ 1 + [1, 2]|length }}{{ -[1]|length }}
{{ 'a' is string and 'b' is not number }}{{ not 'a' is string }}{{ 1 is odd or false }}{{ 'a' is defined == true }}
{{ 3 is divisibleby 3 and true }}{{ 4 is divisibleby 2 if true else 'x' }}
{{ x.y.z is defined }}
{{ messages[0].x.y is defined }}
{{ messages[0].x is defined and messages[0].x.y is defined }}
{{ [messages[0].x] }}
{% set content = messages[0].content | default('none', true) %}{{ content[:5] }}{{ (messages[0].nope | default('z')) ~ '!' }}
{{ ''.join(['a']) ~ "b" }}{{ ['a', 1]|join }}{{ ','.join([1]) }}
{{ {'a': 1, **{'b': 2}} }}
{{ [*[1], 2] }}
{{ a.b if false else 'ok' }}{{ [i for i in [1]] }}
{{ lambda x: x }}
{{ 1 if 2 }}{{ (1 if false) }}{{ ((1 if false) ~ 'x') }}
{{ 'a' 1 }}
{{ {} }}{{ {'a': }} }}
{{ [1, 2 }}
{{ 'unclosed }}
{% for i in range(3) -%} {{ i }} {%- endfor %}|
  {%- if true %} x {% endif -%}  y
{# comment with {{ }} and {% %} #}ok
{{ "{{ not a tag }}" }}{{ '{%' }}{{ '#}' }}
{{ '}}' }}{{ {'a': {'b': 1}}['a']['b'] }}{{ {'a': {'b': {}}} }}
"""


def main():
    cases = []
    lines = CASES.replace("\n+++", "").strip("\n")  # a line that begins with +++ continues the template above
    for template in lines.replace("\\\ny", "\\\0y").replace(" #}\n {%+", " #}\0 {%+").replace("+%}\n y", "+%}\0 y").split("\n"):
        template = template.replace("\0", "\n")
        try:
            made = chat_templates.render(template, {}, MESSAGES, True, VARIABLES)
        except Exception as refusal:  # errors of Python's own types
            made = {"refusal": str(refusal)}
        cases.append({"template": template, **({"refusal": True} if "refusal" in made else made)})
    fixture = {"madeWith": f"transformers {chat_templates.transformers.__version__}, jinja2 {chat_templates.jinja2.__version__}",
               "now": chat_templates.NOW.isoformat(), "messages": MESSAGES, "variables": VARIABLES, "cases": cases}
    with open(sys.argv[1], "w", encoding="utf-8", newline="") as file:
        file.write(json.dumps(fixture, ensure_ascii=False, indent=1) + "\n")
    print(len(cases), "cases,", sum("refusal" in case for case in cases), "refused", file=sys.stderr)


if __name__ == "__main__":
    main()
