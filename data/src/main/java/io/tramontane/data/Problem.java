package io.tramontane.data;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * One task with a checkable answer. The file form is one JSON object a line, see docs/data.md.
 *
 * <p>Example: {@code Problem("gsm8k/train/17", MATH, "en", "Natalia sold ...", "72", null, List.of(), Map.of())}.
 *
 * @param id unique within a source
 * @param kind what the verifier checks
 * @param language ISO 639-1 code of the statement
 * @param statement what the user asks, without any prompt around it
 * @param answer the reference answer; null for code
 * @param codeLanguage the language a program must be written in; null for maths
 * @param tests stdin/stdout pairs; empty for maths, and for code that only {@code testCode} judges
 * @param testCode Python that judges a function; null where stdin and stdout are all there is
 * @param extra fields that this version does not know, kept as they were read (JSON values as maps, lists, strings,
 *     numbers, booleans); the gym writes "level", "family" and "opening" here
 */
public record Problem(
        String id,
        Kind kind,
        String language,
        String statement,
        String answer,
        CodeLanguage codeLanguage,
        List<TestCase> tests,
        TestCode testCode,
        Map<String, Object> extra)
        implements Serializable {

    /** What the verifier checks: a boxed answer or a program. */
    public enum Kind {
        MATH,
        CODE
    }

    /** Languages that the sandbox can run. */
    public enum CodeLanguage {
        PYTHON,
        CPP
    }

    /** How what a program printed is compared with what it should have printed; docs/rewards-code.md has the rules. */
    public enum Compare {
        /** By what the expected output looks like: blanks count in figures and tables, numbers count by their value. */
        AUTO,
        /** As text: every blank and every digit counts, but for blanks at line ends and empty lines at the end. */
        TEXT,
        /** As words and numbers, whatever is between them on a line and however the numbers are spelled. */
        VALUES;

        /** The field of a problem that says so. */
        static final String FIELD = "compareOutput";
    }

    /** One run of a program: what it reads, what it must print, and how that is compared. */
    public record TestCase(String stdin, String stdout, Compare compare) implements Serializable {
        /** Compared as the expected output suggests. */
        public TestCase(String stdin, String stdout) {
            this(stdin, stdout, Compare.AUTO);
        }
    }

    /**
     * Python that judges the functions of an answer: it calls them and fails by an exception, as {@code assert f(2) == 3}.
     * It is run apart from the answer, see docs/rewards-code.md.
     *
     * @param source the code, which uses the names in {@code entryPoints} as if they were defined
     * @param entryPoints what the answer must define; empty: every name that the code uses and nobody else defines
     */
    public record TestCode(String source, List<String> entryPoints) implements Serializable {
        /** Copies the list. */
        public TestCode {
            if (source == null || source.isBlank()) throw new IllegalArgumentException("testCode is empty");
            entryPoints = List.copyOf(entryPoints);
        }
    }

    /** Checks that a maths problem has an answer, and a code problem a language and something that judges it. */
    public Problem {
        if (id == null || id.isEmpty()) throw new IllegalArgumentException("problem id is empty");
        if (statement == null || statement.isBlank())
            throw new IllegalArgumentException("problem " + id + ": statement is empty");
        if (kind == Kind.MATH && (answer == null || answer.isBlank()))
            throw new IllegalArgumentException("problem " + id + ": kind math needs an answer");
        if (kind == Kind.CODE && (codeLanguage == null || tests.isEmpty() && testCode == null))
            throw new IllegalArgumentException(
                    "problem " + id + ": kind code needs codeLanguage, and tests or testCode");
        if (testCode != null && codeLanguage != CodeLanguage.PYTHON)
            throw new IllegalArgumentException(
                    "problem " + id + ": testCode is for Python, codeLanguage is " + codeLanguage);
        tests = List.copyOf(tests);
        extra = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(extra));
    }

    /** A maths problem. */
    public static Problem math(String id, String language, String statement, String answer, Map<String, Object> extra) {
        return new Problem(id, Kind.MATH, language, statement, answer, null, List.of(), null, extra);
    }

    /** A code problem. */
    public static Problem code(
            String id,
            String language,
            String statement,
            CodeLanguage codeLanguage,
            List<TestCase> tests,
            Map<String, Object> extra) {
        return new Problem(id, Kind.CODE, language, statement, null, codeLanguage, tests, null, extra);
    }

    /** A code problem whose answer is a Python function. */
    public static Problem function(
            String id, String language, String statement, TestCode testCode, Map<String, Object> extra) {
        return new Problem(id, Kind.CODE, language, statement, null, CodeLanguage.PYTHON, List.of(), testCode, extra);
    }

    /** The gym's difficulty, 1 to 6; 0 where the source states none. */
    public int level() {
        return extra.get("level") instanceof Number level ? level.intValue() : 0;
    }
}
