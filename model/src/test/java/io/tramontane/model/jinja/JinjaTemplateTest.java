package io.tramontane.model.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaTemplateTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 3, 9, 7, 5);
    private static final Map<String, Object> VARIABLES = Map.of(
            "messages",
            List.of(Map.of("role", "user", "content", "false"), Map.of("role", "assistant", "content", "b")),
            "x",
            " a b ",
            "n",
            7,
            "r",
            1.0);

    private static String render(String template) {
        return new JinjaTemplate("t", template).render(VARIABLES, NOW).string();
    }

    private static String refusal(String template) {
        String message =
                assertThrows(BadInputException.class, () -> render(template)).getMessage();
        assertFalse(message.contains("\n"), message);
        return message;
    }

    /** What Jinja 3.1 with trim_blocks and lstrip_blocks prints. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "{{ messages[::-1][0].role }}@assistant",
                "{{ 'abcdef'[1:-1] }}{{ 'abc'[-1] }}@bcdec",
                "{{ x.strip() ~ '|' ~ x.split()|join(',') }}@a b|a,b",
                "{{ 'a</t>b</t>c'.split('</t>')[-1] }}@c",
                "{{ not messages is defined }}{{ nothing is defined }}@FalseFalse",
                "{{ none is none }}{{ nothing is none }}{{ none }}@TrueFalseNone",
                "{{ r }}{{ n / 2 }}{{ n // 2 }}{{ -n % 3 }}{{ 2 ** 3 }}@1.03.5328",
                "{{ [1, 'a', none, true, 1.5] }}@[1, 'a', None, True, 1.5]",
                "{{ {'a': [1, {'b': none}]}|tojson }}@{\"a\": [1, {\"b\": null}]}",
                "{{ 1 == '1' }}{{ '1' == 1.0 }}{{ 1 == true }}@FalseFalseTrue",
                "{{ 'yes' if messages[0].content else 'no' }}@yes",
                "{{ 'a' in 'cat' and 'role' in messages[0] }}@True",
                "{{ (nothing or 'b') ~ ('' or none or 'c') }}@bc",
                "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}{{ v }}{% endfor %}@a1b2",
                "{% for i in range(5) if i is odd %}{{ loop.index }}{{ i }}{% else %}none{% endfor %}@1123",
                "{% for i in [] %}x{% else %}none{% endfor %}@none",
                "{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}@013",
                "{% set a = 1 %}{% for i in [1, 2] %}{% set a = a + 1 %}{{ a }}{% endfor %}{{ a }}@221",
                "{% set ns = namespace(a=1) %}{% for i in [1, 2] %}{% set ns.a = ns.a + 1 %}{% endfor %}{{ ns.a }}@3",
                "{% macro m(a, b='-') %}{{ a }}{{ b }}{% endmacro %}{{ m('x') }}{{ m(b='y', a='z') }}@x-zy",
                "{{ strftime_now('%d %b %Y, %-d %B %H:%M') }}@09 Mar 2026, 9 March 07:05",
                "{{ messages|map(attribute='role')|list }}@['user', 'assistant']",
                "{{ (messages|selectattr('role', 'equalto', 'user')|list)|length }}@1",
                "{{ 'it''s' }}@its",
                "{{ '\\u00e9\\x41\\q' }}@éA\\q",
                "{% raw %}{{ x }}{% endraw %}@{{ x }}",
                "a {#- c -#} b@ab",
            })
    void expressionsMeanWhatTheyMeanInPython(String template, String text) {
        assertEquals(text, render(template));
    }

    @Test
    void aTagEatsItsLineAndTheBlanksBeforeIt() {
        assertEquals("a\nb\n  c", render("a\n  {% if true %}\nb\n  {% endif %}\n  {{ 'c' }}\n"));
        assertEquals("ab", render("a\n  {%- if true -%}\n  b{% endif %}"));
        assertEquals("a  b", render("a  {%+ if true %}b{% endif %}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            value = {
                "{{ raise_exception('Only ' ~ n) }}@t: Only 7",
                "{% if x %}@t: the tag if is not closed",
                "{% include 'secret' %}@t: the tag include is not allowed",
                "{{ x.__class__ }}@t: the name __class__ is not allowed",
                "{{ x.getClass() }}@t: a str has no method getClass here",
                "{{ messages.getClass().forName('java.lang.Runtime') }}@t: a list has no method getClass here",
                "{{ x|fromjson }}@t: unknown filter fromjson",
                "{{ unknown(1) }}@t: unknown function unknown",
                "{{ x + 1 }}@t: unsupported operand types for +: a str and a number",
                "{{ nothing.x }}@t: an undefined value has no 'x'",
                "{{ 'a@t: a string is not closed",
                "{{ (1 }}@t: unexpected }",
            })
    void whatIsDamagedOrForbiddenIsOneLine(String template, String message) {
        assertEquals(message, refusal(template));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}",
                "{% set ns = namespace(s='aaaaaaaaaaaaaaaa') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}",
                "{{ 'a' * 999999999999 }}",
                "{{ range(999999999) }}",
                "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(1) }}",
                "{{ 2 ** 99 ** 99 ** 99 }}{{ 9999999999 * 9999999999 }}",
                "{% for a in range(99999) %}{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' * 99 }}{% endfor %}",
                "{% set ns = namespace() %}{% set ns.n = ns %}{{ ns }}",
            })
    void hostileTemplatesEndInSecondsWithinTheHeap(String template) {
        long start = System.nanoTime();
        refusal(template);
        assertTrue(System.nanoTime() - start < 30_000_000_000L);
    }

    @Test
    void deepNestingIsRefused() {
        assertEquals("t: more than 60 nested brackets", refusal("{{ " + "(".repeat(9000) + "1"));
        assertEquals("t: more than 100 nested tags", refusal("{% if 1 %}".repeat(9000)));
        assertEquals("t: 600000 characters, allowed 512000", refusal("a".repeat(600_000)));
        refusal("{{ 1" + " - -1".repeat(9000) + " }}{{ " + "not ".repeat(9999) + "1 }}{{ " + "-".repeat(9999) + "1 }}");
    }

    @Test
    void damagedTemplatesOfRealModelsNeverThrowAnythingElse() throws IOException {
        Random random = new Random(11);
        for (String name : List.of("qwen3", "magistral-2509", "glm-4.5")) {
            byte[] original = Files.readAllBytes(Path.of("src/test/resources/templates/" + name + ".jinja"));
            for (int i = 0; i < 40; i++) {
                byte[] bytes = original.clone();
                if (i % 3 == 0) bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
                else
                    for (int k = 0; k < i % 5; k++)
                        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
                try {
                    render(new String(bytes, StandardCharsets.UTF_8));
                } catch (BadInputException e) {
                    assertFalse(e.getMessage().contains("\n"), e.getMessage());
                }
            }
        }
    }
}
