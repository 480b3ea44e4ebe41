package io.tramontane.data.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonLines;
import io.tramontane.data.Problem;
import io.tramontane.data.Problem.TestCode;
import io.tramontane.data.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MBPP and HumanEval: a Python function is asked for, and Python code judges it. "solution" is the reference. */
final class FunctionProblemSets {
    private static final Pattern DEFINITION = Pattern.compile("^(?:def|class)\\s+(\\w+)", Pattern.MULTILINE);

    private FunctionProblemSets() {}

    /**
     * {@code task_id, text, code, test_list, test_setup_code}. The statement shows one test, which names the function; the
     * outputs of the others cannot be copied from it. The entry points are what the reference defines and a test uses.
     */
    static List<Problem> mbpp(Rows lines) {
        List<Problem> problems = new ArrayList<>();
        while (lines.hasNext()) {
            JsonLines.Line line = lines.next();
            ObjectNode object = line.object();
            JsonNode id = object.path("task_id");
            if (!id.isIntegralNumber())
                throw new BadInputException(line.where() + ": field \"task_id\" must be a whole number");
            List<String> asserts = JsonLines.strings(object, "test_list", line.where());
            String tests = String.join("\n", asserts);
            String setUp = object.path("test_setup_code").asText("");
            String statement = JsonLines.filled(object, "text", line.where()).strip()
                    + "\n\nYour Python code must pass tests like this one:\n```python\n"
                    + asserts.get(0) + "\n```";
            String source = (setUp.isBlank() ? "" : setUp + "\n") + tests + "\n";
            String solution = JsonLines.string(object, "code", line.where());
            TestCode testCode = new TestCode(source, defined(solution, source));
            problems.add(
                    Problem.function("mbpp/" + id.asLong(), "en", statement, testCode, Map.of("solution", solution)));
        }
        return problems;
    }

    private static List<String> defined(String solution, String tests) {
        List<String> names = new ArrayList<>();
        for (Matcher definition = DEFINITION.matcher(solution); definition.find(); ) {
            String name = definition.group(1);
            boolean used = Pattern.compile("\\b" + name + "\\b").matcher(tests).find();
            if (used && !names.contains(name)) names.add(name);
        }
        return names;
    }

    /**
     * {@code task_id, prompt, canonical_solution, test, entry_point}. What the prompt defines before the function stays
     * with the tests that use it: the answer's own version of it judges nothing.
     */
    static List<Problem> humanEval(Rows lines) {
        List<Problem> problems = new ArrayList<>();
        while (lines.hasNext()) {
            JsonLines.Line line = lines.next();
            ObjectNode object = line.object();
            String prompt = JsonLines.filled(object, "prompt", line.where());
            String entryPoint = JsonLines.filled(object, "entry_point", line.where());
            int definition = prompt.indexOf("def " + entryPoint + "(");
            if (definition < 0)
                throw new BadInputException(line.where() + ": field \"prompt\" does not define " + entryPoint);
            String statement = "Complete this Python function. Give the whole function, with its imports.\n"
                    + "```python\n" + prompt.strip() + "\n```";
            String source = prompt.substring(0, definition)
                    + JsonLines.filled(object, "test", line.where()).strip() + "\n\ncheck(" + entryPoint + ")\n";
            String solution = prompt + JsonLines.string(object, "canonical_solution", line.where());
            String id = "humaneval/" + JsonLines.filled(object, "task_id", line.where());
            TestCode testCode = new TestCode(source, List.of(entryPoint));
            problems.add(Problem.function(id, "en", statement, testCode, Map.of("solution", solution)));
        }
        return problems;
    }
}
