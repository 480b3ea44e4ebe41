package io.tramontane.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Maps lines with other field names to the fields of {@link Problem}, and counts what it changed, so that a plan can report
 * it. A field that is null counts as absent. The rules:
 *
 * <ul>
 *   <li>statement: else "problem", "question", "prompt" (a text, or a list of messages with one of a user), "query",
 *       "instruction", in any capitals
 *   <li>answer: a text or a number; else "final_answer", "expected_answer", "ground_truth", "gold", "target",
 *       "reward_model.ground_truth"; else what follows the last #### or stands in the last \boxed{} of "solution". Of an
 *       answer with #### only what follows it is the answer; what comes before becomes "solution" where there is none
 *   <li>kind: "tests" or "testCode" make a code problem, otherwise an answer makes a maths problem
 *   <li>codeLanguage: else "code_language", "programming_language"; tests may say "input" and "output"
 *   <li>id: a text or a whole number
 *   <li>only where no kind is said: without an id a problem is called STEM/LINE, without a language it is taken for English
 * </ul>
 */
public final class ProblemMapping {
    private static final List<String> STATEMENTS = List.of("problem", "question", "prompt", "query", "instruction");
    private static final List<String> ANSWERS =
            List.of("final_answer", "expected_answer", "ground_truth", "gold_answer", "gold", "target");
    private static final List<String> SOLUTIONS = List.of("solution", "reference_solution", "rationale");
    private static final List<String> IDS = List.of("problem_id", "unique_id", "question_id", "task_id", "uuid");
    private static final List<String> CODE_LANGUAGES = List.of("code_language", "programming_language");

    private final Map<String, Long> notes = new LinkedHashMap<>();
    private long lines;

    /** True for a line that could be brought into our form. */
    public static boolean knows(ObjectNode line) {
        return line.hasNonNull("statement") || first(line, STATEMENTS).isPresent();
    }

    /** The same line in our form; what is missing is still missing. */
    ObjectNode ours(ObjectNode line, String where) {
        lines++;
        dropNulls(line);
        rename(line, "statement", STATEMENTS);
        if (line.path("statement").isArray()) userTurn(line, line.path("statement"));
        boolean code = line.path("kind")
                .asText(line.has("tests") || line.has("testCode") ? "code" : "math")
                .equals("code");
        if (code) {
            rename(line, "codeLanguage", CODE_LANGUAGES);
            codeLanguage(line);
            tests(line);
        } else answer(line, where);
        wholeId(line);
        if (!line.has("kind")) unsaid(line, code, where);
        return line;
    }

    /** What was done, each with its count where it was not done to every line. */
    List<String> summary() {
        List<String> summary = new ArrayList<>();
        notes.forEach((note, count) -> summary.add(count == lines ? note : note + " (" + count + " of " + lines + ")"));
        return summary;
    }

    private void note(String what) {
        notes.merge(what, 1L, Long::sum);
    }

    private static void dropNulls(ObjectNode line) {
        for (String field :
                List.of("id", "kind", "language", "statement", "answer", "codeLanguage", "tests", "testCode"))
            if (line.path(field).isNull()) line.remove(field);
    }

    /** The first of these names that the line has, in any capitals. */
    private static Optional<String> first(ObjectNode line, List<String> names) {
        for (String name : names)
            for (Map.Entry<String, JsonNode> field : line.properties())
                if (field.getKey().equalsIgnoreCase(name) && !field.getValue().isNull())
                    return Optional.of(field.getKey());
        return Optional.empty();
    }

    private void rename(ObjectNode line, String to, List<String> names) {
        if (line.has(to)) return;
        first(line, List.of(to)).or(() -> first(line, names)).ifPresent(name -> {
            line.set(to, line.remove(name));
            note(to + " from \"" + name + "\"");
        });
    }

    /** A chat whose only turn of a user is the statement. */
    private void userTurn(ObjectNode line, JsonNode messages) {
        List<String> users = new ArrayList<>();
        for (JsonNode message : messages)
            if (message.path("role").asText().equals("user")
                    && message.path("content").isTextual())
                users.add(message.path("content").textValue());
        if (users.size() != 1) return;
        line.put("statement", users.get(0));
        note("statement is the user's turn");
    }

    private void answer(ObjectNode line, String where) {
        rename(line, "answer", ANSWERS);
        JsonNode nested = line.path("reward_model").path("ground_truth");
        if (!line.has("answer") && (nested.isTextual() || nested.isNumber())) {
            line.set("answer", nested);
            note("answer from \"reward_model.ground_truth\"");
        }
        if (line.path("answer").isArray() && line.path("answer").size() == 1)
            line.set("answer", line.path("answer").get(0));
        JsonNode answer = line.path("answer");
        if (answer.isNumber()) {
            line.put("answer", plain(answer, where));
            note("answer from a number");
        } else if (answer.isTextual()) marked(line, answer.textValue());
        else if (answer.isMissingNode()) fromSolution(line);
    }

    /** GSM8K's way: the reasoning, then #### and the answer. */
    private void marked(ObjectNode line, String answer) {
        int mark = answer.lastIndexOf("####");
        if (mark < 0 || answer.substring(mark + 4).isBlank()) return;
        line.put("answer", answer.substring(mark + 4).strip());
        if (!line.has("solution"))
            line.put("solution", answer.substring(0, mark).strip());
        note("answer behind its ####");
    }

    private void fromSolution(ObjectNode line) {
        String name = first(line, SOLUTIONS).orElse(null);
        if (name == null || !line.path(name).isTextual()) return;
        String solution = line.path(name).textValue();
        int mark = solution.lastIndexOf("####");
        if (mark >= 0 && !solution.substring(mark + 4).isBlank()) {
            line.put("answer", solution.substring(mark + 4).strip());
            note("answer from \"" + name + "\", behind its ####");
            return;
        }
        lastBox(solution).ifPresent(answer -> {
            line.put("answer", answer);
            note("answer from \"" + name + "\", its last \\boxed{}");
        });
    }

    private static Optional<String> lastBox(String text) {
        int start = text.lastIndexOf("\\boxed{");
        if (start < 0) return Optional.empty();
        int from = start + "\\boxed{".length();
        int depth = 1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') i++; // the next one is a letter of its own: \{
            else if (c == '{') depth++;
            else if (c == '}' && --depth == 0)
                return Optional.of(text.substring(from, i).strip()).filter(answer -> !answer.isEmpty());
        }
        return Optional.empty();
    }

    /** A number as one writes it; 72.0, as tables write whole numbers, is 72. */
    private static String plain(JsonNode number, String where) {
        if (!JsonLines.isFinite(number))
            throw new BadInputException(
                    where + ": field \"answer\" is " + number.asText() + ", allowed a string or a number");
        BigDecimal value = new BigDecimal(number.asText()).stripTrailingZeros();
        if (number.isFloatingPointNumber() && value.precision() > 15)
            throw new BadInputException(where + ": field \"answer\" is the number " + number.asText()
                    + ", whose last digits may be lost: write it as a string");
        return (value.scale() < 0 ? value.setScale(0) : value).toPlainString();
    }

    private void codeLanguage(ObjectNode line) {
        String name = line.path("codeLanguage").asText("");
        String ours =
                switch (name.toLowerCase(Locale.ROOT)) {
                    case "python", "python3", "py", "py3" -> "python";
                    case "cpp", "c++", "cxx", "cc", "c++17", "c++20", "cpp17", "cpp20" -> "cpp";
                    default -> name;
                };
        if (ours.equals(name)) return;
        line.put("codeLanguage", ours);
        note("codeLanguage " + ours + " from \"" + name + "\"");
    }

    private void tests(ObjectNode line) {
        boolean changed = false;
        for (JsonNode each : line.path("tests")) {
            if (!(each instanceof ObjectNode test)) continue;
            if (test.has("input") && !test.has("stdin")) test.set("stdin", test.remove("input"));
            else continue;
            if (test.has("output") && !test.has("stdout")) test.set("stdout", test.remove("output"));
            changed = true;
        }
        if (changed) note("tests from \"input\" and \"output\"");
    }

    private void wholeId(ObjectNode line) {
        if (!line.path("id").isIntegralNumber()) return;
        line.put("id", line.path("id").asText());
    }

    /** What a line without a kind leaves out, if there is enough in it to be a problem. */
    private void unsaid(ObjectNode line, boolean code, String where) {
        if (!line.has(code ? "statement" : "answer")) return;
        line.put("kind", code ? "code" : "math");
        note("kind " + (code ? "code, as there are tests" : "math, as there is an answer"));
        if (!line.has("statement")) return;
        rename(line, "id", IDS);
        wholeId(line);
        if (!line.has("id")) {
            line.put("id", lineId(where));
            note("id from file and line");
        }
        if (line.has("language")) return;
        line.put("language", "en");
        note("language en, as none is said");
    }

    /** FOLDER/train.jsonl:17 is train/17. */
    private static String lineId(String where) {
        int colon = where.lastIndexOf(':');
        String file =
                where.substring(Math.max(where.lastIndexOf('/'), where.lastIndexOf('\\')) + 1, Math.max(0, colon));
        return stem(file) + "/" + where.substring(colon + 1);
    }

    /** A file's name without what tells its form. */
    public static String stem(String name) {
        return name.replaceFirst("(\\.jsonl|\\.json)?(\\.gz|\\.json|\\.tsv|\\.parquet|\\.arrows?|\\.feather)?$", "");
    }
}
