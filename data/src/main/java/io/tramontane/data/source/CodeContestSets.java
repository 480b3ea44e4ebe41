package io.tramontane.data.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonLines;
import io.tramontane.data.Problem;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.data.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * CodeContests as SandboxFusion writes it: {@code content, id, test}, where {@code test} is JSON inside a string. Each
 * problem is asked for twice, in Python and in C++ (paper section 4.2). There are no reference solutions, and some tests
 * were made by machines: inputs may break the statement's rules.
 */
final class CodeContestSets {
    private CodeContestSets() {}

    static List<Problem> read(Rows lines) {
        List<Problem> problems = new ArrayList<>();
        while (lines.hasNext()) {
            JsonLines.Line line = lines.next();
            ObjectNode object = line.object();
            JsonNode id = object.path("id");
            if (!id.isIntegralNumber())
                throw new BadInputException(line.where() + ": field \"id\" must be a whole number");
            String content = JsonLines.filled(object, "content", line.where()).strip();
            List<TestCase> tests = tests(object, line.where());
            problems.add(problem(id.asLong(), CodeLanguage.PYTHON, content, tests));
            problems.add(problem(id.asLong(), CodeLanguage.CPP, content, tests));
        }
        return problems;
    }

    private static Problem problem(long id, CodeLanguage language, String content, List<TestCase> tests) {
        boolean python = language == CodeLanguage.PYTHON;
        String statement = content + "\n\nWrite a program in " + (python ? "Python" : "C++20")
                + " that reads from standard input and prints to standard output.";
        return Problem.code(
                "codecontests/" + id + (python ? "/python" : "/cpp"), "en", statement, language, tests, Map.of());
    }

    private static List<TestCase> tests(ObjectNode object, String where) {
        String inner = "{\"tests\":" + JsonLines.filled(object, "test", where) + "}";
        List<TestCase> tests = new ArrayList<>();
        for (JsonNode test : JsonLines.parse(inner, where + ": field \"test\"").path("tests")) {
            String at = where + ": test " + (tests.size() + 1);
            if (!(test.path("input") instanceof ObjectNode input)
                    || !(test.path("output") instanceof ObjectNode output))
                throw new BadInputException(at + " must have \"input\" and \"output\"");
            tests.add(new TestCase(JsonLines.string(input, "stdin", at), JsonLines.string(output, "stdout", at)));
        }
        if (tests.isEmpty()) throw new BadInputException(where + ": field \"test\" holds no tests");
        return tests;
    }
}
