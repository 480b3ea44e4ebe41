package io.tramontane.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * MBPP and HumanEval: a Python function is asked for, and Python code checks it. That is not a program that reads and
 * prints, so {@code Problem.extra} says what a verifier must run: "testCode" (Python that fails by an exception; it goes
 * after the function) and, for HumanEval, "entryPoint". The one stdin/stdout test wants {@link #PASSED}, which a verifier
 * is to print after testCode went through; a verifier that does not know testCode finds every answer wrong, never right.
 */
final class FunctionProblemSets {
    static final String PASSED = "testCode passed\n";

    private FunctionProblemSets() {}

    /** {@code task_id, text, code, test_list, test_setup_code}. The set-up code must run after the function, not before. */
    static List<Problem> mbpp(Path file) {
        List<Problem> problems = new ArrayList<>();
        try (JsonLines lines = JsonLines.open(file)) {
            while (lines.hasNext()) {
                JsonLines.Line line = lines.next();
                ObjectNode object = line.object();
                JsonNode id = object.path("task_id");
                if (!id.isIntegralNumber())
                    throw new BadInputException(line.where() + ": field \"task_id\" must be a whole number");
                String tests = String.join("\n", strings(object, "test_list", line.where()));
                String setUp = object.path("test_setup_code").asText("");
                String statement = JsonLines.filled(object, "text", line.where())
                                .strip() + "\n\nYour Python code must pass these tests:\n```python\n" + tests + "\n```";
                String testCode = (setUp.isBlank() ? "" : setUp + "\n") + tests + "\n";
                problems.add(problem(
                        "mbpp/" + id.asLong(),
                        statement,
                        testCode,
                        "",
                        JsonLines.string(object, "code", line.where())));
            }
        }
        return problems;
    }

    /** {@code task_id, prompt, canonical_solution, test, entry_point}. */
    static List<Problem> humanEval(Path file) {
        List<Problem> problems = new ArrayList<>();
        try (JsonLines lines = JsonLines.open(file)) {
            while (lines.hasNext()) {
                JsonLines.Line line = lines.next();
                ObjectNode object = line.object();
                String prompt = JsonLines.filled(object, "prompt", line.where());
                String entryPoint = JsonLines.filled(object, "entry_point", line.where());
                String statement = "Complete this Python function. Give the whole function, with its imports.\n"
                        + "```python\n" + prompt.strip() + "\n```";
                String testCode =
                        JsonLines.filled(object, "test", line.where()).strip() + "\n\ncheck(" + entryPoint + ")\n";
                String solution = prompt + JsonLines.string(object, "canonical_solution", line.where());
                String id = "humaneval/" + JsonLines.filled(object, "task_id", line.where());
                problems.add(problem(id, statement, testCode, entryPoint, solution));
            }
        }
        return problems;
    }

    private static Problem problem(String id, String statement, String testCode, String entryPoint, String solution) {
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("testCode", testCode);
        if (!entryPoint.isEmpty()) extra.put("entryPoint", entryPoint);
        extra.put("solution", solution);
        return Problem.code(id, "en", statement, CodeLanguage.PYTHON, List.of(new TestCase("", PASSED)), extra);
    }

    private static List<String> strings(ObjectNode object, String field, String where) {
        JsonNode list = object.path(field);
        if (!list.isArray() || list.isEmpty())
            throw new BadInputException(where + ": field \"" + field + "\" must be a list of strings");
        List<String> strings = new ArrayList<>();
        for (JsonNode item : list) {
            if (!item.isTextual())
                throw new BadInputException(where + ": field \"" + field + "\" must be a list of strings");
            strings.add(item.textValue());
        }
        return strings;
    }
}
