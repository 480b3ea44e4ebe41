package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.run.Sample;
import io.tramontane.data.Completion;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {
    @TempDir
    Path temp;

    private RunFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = RunFolder.create(temp.resolve("run"));
    }

    @Test
    void aHostileCompletionStaysTextInsideTheData() throws IOException {
        append(FakeRun.HOSTILE);
        String page = write();
        assertEquals(3, count(page, "</script>"), "data, Chart.js and our program end one script each");
        assertFalse(page.contains("<img"));
        assertEquals(
                FakeRun.HOSTILE,
                data(page).at("/samples/0/completion").textValue(),
                "the page shows what the model wrote, unchanged");
    }

    @Test
    void theFolderNameIsEscapedInTheTitle() throws IOException {
        folder = RunFolder.create(temp.resolve("<b>&"));
        assertTrue(write().contains("<title>&lt;b&gt;&amp; – Tramontane</title>"));
    }

    @Test
    void theBrowserMayRunOnlyTheTwoScriptsWhoseHashesThePolicyStates() throws IOException {
        String page = write();
        String policy = group(page, "Content-Security-Policy\" content=\"([^\"]*)\"");
        assertTrue(policy.startsWith("default-src 'none'; script-src 'sha256-"), policy);
        List<String> inline = new ArrayList<>();
        Matcher scripts = Pattern.compile("(?s)<script>(.*?)</script>").matcher(page);
        while (scripts.find()) inline.add(scripts.group(1));
        assertEquals(2, inline.size());
        inline.add(group(page, "(?s)<style>(.*?)</style>"));
        for (String content : inline) assertTrue(policy.contains("'sha256-" + sha256(content) + "'"));
        assertEquals(3, count(policy, "'sha256-"));
        assertFalse(policy.contains("unsafe"));
    }

    @Test
    void ourProgramNeverTurnsTextIntoMarkupAndLoadsNothing() throws IOException {
        String page = write();
        String program = page.substring(page.lastIndexOf("<script>"));
        for (String forbidden :
                List.of("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch("))
            assertFalse(program.contains(forbidden), forbidden);
        String frame = page.substring(0, page.indexOf("<script>"));
        for (String forbidden : List.of("http://", "https://", "url(", "@import", " src=", " onclick="))
            assertFalse(frame.contains(forbidden), forbidden);
        assertFalse(page.contains("sourceMappingURL"));
    }

    @Test
    void anUnfinishedRunHasAPageToo() throws IOException {
        assertEquals(
                "0 steps trained, not evaluated yet",
                data(write()).get("headline").textValue());
        try (MetricsLog log = MetricsLog.open(folder)) {
            log.append(MetricRows.eval(0));
            log.append(MetricRows.train(1));
        }
        Files.writeString(folder.metrics().local(), "{\"kind\":\"tr", StandardOpenOption.APPEND);
        JsonNode data = data(write());
        assertEquals(
                "Cold start: correctness 38 %, language consistency 75 %",
                data.get("headline").textValue());
        assertFalse(data.get("finished").booleanValue());
        assertEquals(1, data.at("/train/entropy").size());
    }

    @Test
    void aFinishedRunStatesItsVerdictAndItsAudit() throws IOException {
        try (MetricsLog log = MetricsLog.open(folder)) {
            log.append(MetricRows.eval(0));
            log.append(MetricRows.train(200));
            log.append(MetricRows.eval(200));
            log.append(MetricRows.end());
        }
        JsonNode data = data(write());
        assertEquals(
                "Correctness 38 % → 68 %, language consistency 75 % → 75 %, in 4 min 48 s",
                data.get("headline").textValue());
        assertEquals(10, data.at("/ledger/trained once").intValue());
        assertTrue(data.get("ledgerIsExact").booleanValue());
    }

    @Test
    void aFailedRunLooksFailedAndItsMarksAreThere() throws IOException {
        Files.createDirectories(folder.checkpoint(50).local());
        try (MetricsLog log = MetricsLog.open(folder)) {
            log.append(start(0));
            log.append(MetricRows.train(60));
            log.append(start(60));
            Map<String, Object> end = MetricRows.end();
            end.put("reason", "failed: no <space> left");
            log.append(end);
        }
        JsonNode data = data(write());
        assertEquals("no <space> left", data.get("failure").textValue());
        assertEquals("box", data.at("/about/host").textValue());
        assertEquals("0.1.0 (abcdef1)", data.at("/about/Tramontane").textValue());
        assertEquals(3, data.get("evaluationInTraining").intValue());
        List<String> marks = new ArrayList<>();
        data.get("marks").forEach(mark -> marks.add(mark.get("kind").textValue() + " " + mark.get("step")));
        assertEquals(List.of("checkpoint 50", "resume 60", "failure 60"), marks);
    }

    private static Map<String, Object> start(int step) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", "start");
        row.put("step", step);
        row.put("version", "0.1.0");
        row.put("commit", "abcdef1");
        row.put("host", "box");
        row.put("mismatchExpected", 1e-6);
        row.put("evaluationInTraining", 3);
        return row;
    }

    @Test
    void verdictsAreSharesOfAllOfAStepAndAStepWithoutThemIsEmpty() throws IOException {
        Map<String, Object> first = MetricRows.train(1);
        first.put("verdicts", Map.of("CORRECT", 1, "WRONG", 3));
        try (MetricsLog log = MetricsLog.open(folder)) {
            log.append(first);
            log.append(MetricRows.train(2));
        }
        assertEquals("[0.25,null]", data(write()).at("/verdicts/CORRECT").toString());
        assertEquals("[0.75,null]", data(write()).at("/verdicts/WRONG").toString());
    }

    @Test
    void wholeGroupsAreOnThePageUpToALimitAndLaterOnesAreRemovedOnResume() throws IOException {
        SampleLog log = new SampleLog(folder);
        for (int step = 1; step <= 60; step++) log.group(step, Map.of("statement", FakeRun.HOSTILE));
        JsonNode groups = data(write()).get("groups");
        assertEquals(20, groups.size());
        assertEquals(60, groups.get(19).get("step").intValue());
        log.cutAfter(30);
        assertEquals(30, data(write()).at("/groups/19/step").intValue());
    }

    @Test
    void howHeldOutProblemsAreSampledIsReadFromTheConfig() {
        assertEquals("greedy", RunFacts.evaluationMode(Map.of()));
        assertEquals("greedy", RunFacts.evaluationMode(Map.of("evaluation.temperature", "0.0")));
        assertEquals(
                "4 samples each at temperature 0.7",
                RunFacts.evaluationMode(Map.of("evaluation.temperature", "0.7", "evaluation.samples", "4")));
    }

    @Test
    void nothingIsLeftBesideThePage() throws IOException {
        write();
        write();
        try (Stream<Path> files = Files.list(folder.root().local())) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".part")));
        }
    }

    @Test
    void aLongRunIsThinnedEvenlyAndKeepsItsLastRow() {
        List<Integer> rows = IntStream.rangeClosed(1, 10).boxed().toList();
        assertEquals(List.of(2, 5, 7, 10), ReportData.spread(rows, 4));
        assertEquals(rows, ReportData.spread(rows, 10));
        assertEquals(List.of(), ReportData.spread(rows, 0));
    }

    private void append(String completion) {
        Problem problem = Problem.math("p/1", "en", "1 + 1 ?", "2", Map.of("level", 1));
        Completion text = new Completion(new int[1], new float[1], new int[1], true, completion);
        RewardBreakdown wrong =
                new RewardBreakdown(0, 0, 0, 0, RewardBreakdown.Verdict.FORMAT_ERROR, "no <think>", "", List.of(), 0);
        new SampleLog(folder).append(List.of(new Sample(1, Sample.Phase.TRAIN, problem, text, wrong)));
    }

    private String write() throws IOException {
        ReportPage.write(folder);
        return Files.readString(folder.report().local());
    }

    private static JsonNode data(String page) throws IOException {
        String json = group(page, "(?s)<script type=\"application/json\" id=\"data\">(.*?)</script>");
        assertFalse(json.contains("<"));
        return new ObjectMapper().readTree(json);
    }

    private static String group(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), pattern);
        return matcher.group(1);
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
