package io.tramontane.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.Compare;
import io.tramontane.data.Problem.Kind;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.Problem.TestCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A problem as one line of JSON. Fields that are not ours are kept in {@code extra}, in their order, and written again. */
public final class ProblemJson {
    private static final List<String> MATH_FIELDS = List.of("id", "kind", "language", "statement", "answer");
    private static final List<String> CODE_FIELDS =
            List.of("id", "kind", "language", "statement", "codeLanguage", "tests", "testCode", "entryPoints");

    private ProblemJson() {}

    /** One line without a line break. */
    public static String write(Problem problem) {
        ObjectNode object = JsonLines.JSON.createObjectNode();
        object.put("id", problem.id());
        object.put("kind", problem.kind().name().toLowerCase(Locale.ROOT));
        object.put("language", problem.language());
        object.put("statement", problem.statement());
        if (problem.kind() == Kind.MATH) {
            object.put("answer", problem.answer());
        } else {
            object.put("codeLanguage", problem.codeLanguage().name().toLowerCase(Locale.ROOT));
            ArrayNode tests = object.putArray("tests");
            for (TestCase test : problem.tests()) {
                tests.addObject().put("stdin", test.stdin()).put("stdout", test.stdout());
            }
            writeTestCode(object, problem.testCode());
        }
        for (Map.Entry<String, Object> extra : problem.extra().entrySet()) {
            if (!object.has(extra.getKey())) object.set(extra.getKey(), JsonLines.JSON.valueToTree(extra.getValue()));
        }
        try {
            return JsonLines.JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("problem " + problem.id() + ": " + e.getOriginalMessage(), e);
        }
    }

    private static void writeTestCode(ObjectNode object, TestCode testCode) {
        if (testCode == null) return;
        object.put("testCode", testCode.source());
        if (testCode.entryPoints().isEmpty()) return;
        ArrayNode names = object.putArray("entryPoints");
        testCode.entryPoints().forEach(names::add);
    }

    /** Reads one line; {@code where} (FILE:LINE) starts every error. */
    public static Problem read(String line, String where) {
        return read(new ProblemMapping().ours(JsonLines.parse(line, where), where), where);
    }

    /** Reads an object in our spelling. */
    static Problem read(ObjectNode object, String where) {
        checkMissing(object, where);
        String id = JsonLines.filled(object, "id", where);
        String kind = JsonLines.filled(object, "kind", where);
        String language = JsonLines.filled(object, "language", where);
        Languages.check(language, where);
        String statement = JsonLines.filled(object, "statement", where);
        return switch (kind) {
            case "math" ->
                Problem.math(
                        id, language, statement, JsonLines.filled(object, "answer", where), extra(object, MATH_FIELDS));
            case "code" -> code(object, id, language, statement, where);
            default ->
                throw new BadInputException(where + ": field \"kind\" is \"" + kind + "\", allowed \"math\", \"code\"");
        };
    }

    /** All of them at once, so that a file need not be mended field by field. */
    private static void checkMissing(ObjectNode object, String where) {
        List<String> needed = new ArrayList<>(List.of("id", "kind", "language", "statement"));
        String kind = object.path("kind").asText();
        if (kind.equals("math")) needed.add("answer");
        if (kind.equals("code")) needed.add("codeLanguage");
        if (kind.equals("code") && !object.has("testCode")) needed.add("tests");
        JsonLines.checkMissing(object, needed, where);
    }

    private static Problem code(ObjectNode object, String id, String language, String statement, String where) {
        CodeLanguage codeLanguage = codeLanguage(object, where);
        TestCode testCode = testCode(object, where);
        if (testCode != null && codeLanguage != CodeLanguage.PYTHON)
            throw new BadInputException(where + ": field \"testCode\" is for codeLanguage \"python\", not \"cpp\"");
        List<TestCase> tests = tests(object, testCode != null, where);
        Map<String, Object> extra = extra(object, CODE_FIELDS);
        return new Problem(id, Kind.CODE, language, statement, null, codeLanguage, tests, testCode, extra);
    }

    private static TestCode testCode(ObjectNode object, String where) {
        if (!object.has("testCode")) return null;
        String source = JsonLines.filled(object, "testCode", where);
        List<String> names = object.has("entryPoints") ? JsonLines.strings(object, "entryPoints", where) : List.of();
        return new TestCode(source, names);
    }

    private static CodeLanguage codeLanguage(ObjectNode object, String where) {
        String name = JsonLines.filled(object, "codeLanguage", where);
        return switch (name) {
            case "python" -> CodeLanguage.PYTHON;
            case "cpp" -> CodeLanguage.CPP;
            default ->
                throw new BadInputException(
                        where + ": field \"codeLanguage\" is \"" + name + "\", allowed \"python\", \"cpp\"");
        };
    }

    private static List<TestCase> tests(ObjectNode object, boolean mayBeEmpty, String where) {
        JsonNode list = object.get("tests");
        if (mayBeEmpty && (list == null || list.isEmpty() && list.isArray())) return List.of();
        if (list == null) throw new BadInputException(where + ": field \"tests\" is missing");
        if (!list.isArray())
            throw new BadInputException(where + ": field \"tests\" must be a list, not " + JsonLines.type(list));
        if (list.isEmpty()) throw new BadInputException(where + ": field \"tests\" is empty");
        Compare compare = compare(object, where);
        List<TestCase> tests = new ArrayList<>();
        for (JsonNode test : list) {
            String at = where + ": test " + (tests.size() + 1);
            if (!(test instanceof ObjectNode pair))
                throw new BadInputException(at + " must be an object, not " + JsonLines.type(test));
            tests.add(new TestCase(JsonLines.string(pair, "stdin", at), JsonLines.string(pair, "stdout", at), compare));
        }
        return tests;
    }

    /** The field stays among the extra ones, so that it is written again. */
    private static Compare compare(ObjectNode object, String where) {
        if (!object.has(Compare.FIELD)) return Compare.AUTO;
        String name = JsonLines.filled(object, Compare.FIELD, where);
        return switch (name) {
            case "auto" -> Compare.AUTO;
            case "text" -> Compare.TEXT;
            case "values" -> Compare.VALUES;
            default ->
                throw new BadInputException(where + ": field \"" + Compare.FIELD + "\" is \"" + name
                        + "\", allowed \"auto\", \"text\", \"values\"");
        };
    }

    static Map<String, Object> extra(ObjectNode object, List<String> known) {
        Map<String, Object> extra = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (known.contains(field.getKey())) continue;
            Object value = JsonLines.JSON.convertValue(field.getValue(), new TypeReference<Object>() {});
            extra.put(field.getKey(), finite(value));
        }
        return extra;
    }

    /** JSON cannot write NaN and infinities again: they become null. */
    @SuppressWarnings("unchecked")
    private static Object finite(Object value) {
        if (value instanceof Double number && !Double.isFinite(number)) return null;
        if (value instanceof List<?>) ((List<Object>) value).replaceAll(ProblemJson::finite);
        if (value instanceof Map<?, ?>) ((Map<String, Object>) value).replaceAll((key, inner) -> finite(inner));
        return value;
    }
}
