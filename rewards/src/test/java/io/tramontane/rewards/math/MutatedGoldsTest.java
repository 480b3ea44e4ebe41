package io.tramontane.rewards.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * 3,000 references of public sets, each changed by ten rules: what is still accepted stands with its reason in {@code
 * mutated-accepts.tsv} (rule, reference, changed, why). Anything else that is accepted is a false accept.
 */
class MutatedGoldsTest {
    private static final Path DATA = ForeignCase.FOLDER.getParent();
    private static final int GOLDS = 3000;
    /** A calculation in a solution of GSM8K: {@code <<48/2=24>>}. */
    private static final Pattern STEP = Pattern.compile("<<([^=<>]+)=");

    @Test
    void noChangedReferenceIsAcceptedButTheListed() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(DATA.resolve("gsm_hard")), "no public sets at " + DATA);
        Set<String> accepted = new TreeSet<>();
        int tried = 0;
        for (String gold : golds())
            for (Map.Entry<String, String> mutation : Mutations.of(gold).entrySet()) {
                tried++;
                if (MathAnswers.judge(gold, mutation.getValue()).equal())
                    accepted.add(mutation.getKey() + "\t" + gold + "\t" + mutation.getValue());
            }
        Set<String> listed = new TreeSet<>();
        for (String line : Resources.lines("mutated-accepts.tsv")) {
            assertFalse(line.split("\t", -1)[3].isBlank(), line);
            listed.add(line.substring(0, line.lastIndexOf('\t')));
        }
        assertEquals(String.join("\n", listed), String.join("\n", accepted));
        assertTrue(tried > 15_000, tried + " changed references");
    }

    private static List<String> golds() throws IOException {
        Set<String> golds = new LinkedHashSet<>();
        for (String file : List.of("math_verify_cases.jsonl", "other_grader_cases.jsonl"))
            for (ForeignCase each : ForeignCase.read(file)) add(golds, Transcripts.answer(each.gold()));
        for (JsonNode problem : lines("public-cases/problems.jsonl"))
            if (problem.has("answer")) add(golds, problem.get("answer").asText());
        for (JsonNode problem : lines("gsm_hard/gsmhardv2.jsonl"))
            add(golds, plain(problem.get("target").asText()));
        for (JsonNode problem :
                new ObjectMapper().readTree(DATA.resolve("svamp/SVAMP.json").toFile()))
            add(golds, plain(problem.get("Answer").asText()));
        for (String file : List.of("gsm8k/test.jsonl", "gsm8k/train.jsonl"))
            for (JsonNode problem : lines(file)) {
                String solution = problem.get("answer").asText();
                add(golds, solution.substring(solution.lastIndexOf("####") + 4).strip());
            }
        for (String line : Resources.lines("strangers.tsv")) add(golds, line.split("\t")[1]);
        for (JsonNode problem : lines("gsm8k/test.jsonl"))
            for (Matcher step = STEP.matcher(problem.get("answer").asText()); step.find(); ) add(golds, step.group(1));
        List<String> some = new ArrayList<>(golds);
        assertTrue(some.size() >= GOLDS, some.size() + " references");
        return some.subList(0, GOLDS);
    }

    private static void add(Set<String> golds, String gold) {
        String line = gold.strip().replaceAll("\\s+", " ");
        if (!line.isEmpty() && line.length() < 200) golds.add(line);
    }

    private static String plain(String number) {
        return number.endsWith(".0") ? number.substring(0, number.length() - 2) : number;
    }

    private static List<JsonNode> lines(String file) throws IOException {
        List<JsonNode> nodes = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        for (String line : Files.readAllLines(DATA.resolve(file))) nodes.add(json.readTree(line));
        return nodes;
    }
}
