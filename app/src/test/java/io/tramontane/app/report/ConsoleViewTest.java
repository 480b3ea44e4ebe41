package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.rewards.RewardWeights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleViewTest {
    private static final Terminal PIPE = new Terminal(false, false, 80);
    private static final Terminal SCREEN = new Terminal(true, false, 80);

    @TempDir
    Path temp;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void theLiveLineIsRewrittenInPlaceAndFitsEightyColumns() {
        ConsoleView console = console(SCREEN, 190);
        console.train(row(7));
        console.train(row(8));
        assertEquals(
                "7/190 reward 0.79 right 80% lang 100% len 68 5.2k/s lag 1.1 4:35 trainer-bound\r\u001b[K"
                        + "8/190 reward 0.79 right 80% lang 100% len 68 5.2k/s lag 1.1 4:33 trainer-bound",
                text());
    }

    @Test
    void theLiveLineNamesTheLimitingRoleIfItFits() {
        ConsoleProgress progress = new ConsoleProgress(190, 0, RewardWeights.defaults());
        progress.add(row(8));
        assertEquals(
                "step 8/190  reward 0.79  correct 80 %  language 100 %  length 68  5.2k tok/s  lag 1.1  4:33 left"
                        + "  trainer-bound",
                progress.liveLine(120));
        assertEquals(
                "8/190 reward 0.79 right 80% lang 100% len 68 5.2k/s lag 1.1 4:33 trainer-bound",
                progress.liveLine(79));
        assertEquals("8/190 reward 0.79 right 80% lang 100% 4:33 left", progress.liveLine(60));
        assertEquals("8/190 reward 0.79", progress.liveLine(20));
    }

    @Test
    void aTimeLimitThatComesBeforeTheLastStepSetsTheTimeLeft() {
        ConsoleProgress progress = new ConsoleProgress(1000, 0.5, RewardWeights.defaults());
        progress.add(row(1));
        // 999 steps of 1.5 s would take 25 minutes, but 30 s less 1.5 s are left: 28.5 s, shown as 0:29
        assertTrue(progress.liveLine(79).contains(" 0:29"), progress.liveLine(79));
    }

    @Test
    void aPipeGetsSomeTableRowsAndNoEscapes() {
        ConsoleView console = console(PIPE, 20);
        console.phase("evaluating the cold start");
        for (int step = 1; step <= 4; step++) console.train(row(step));
        assertEquals(
                List.of(
                        "evaluating the cold start",
                        ConsoleProgress.TABLE_HEADING,
                        "       1   0.790     80 %     100 %      68    0.412   5.2k  1.1     22/3%  0:29",
                        "       2   0.790     80 %     100 %      68    0.412   5.2k  1.1     22/3%  0:27",
                        "       4   0.790     80 %     100 %      68    0.412   5.2k  1.1     22/3%  0:24"),
                text().lines().toList());
    }

    @Test
    void rewardsOfTheUsersOwnHaveColumnsAndAHeadingWhenTheyFirstCome() {
        ConsoleView console = console(PIPE, 10);
        console.train(row(1));
        Map<String, Object> own = row(2).values();
        own.put("reward.brevity", -0.25);
        own.put("reward.aLongerName", 0.5);
        console.train(new Row(own));
        assertEquals(
                List.of(
                        ConsoleProgress.TABLE_HEADING,
                        "       1   0.790     80 %     100 %      68    0.412   5.2k  1.1     22/3%  0:14",
                        ConsoleProgress.TABLE_HEADING + "  aLongerName  brevity",
                        "       2   0.790     80 %     100 %      68    0.412   5.2k  1.1     22/3%  0:12"
                                + "        0.500   -0.250"),
                text().lines().toList());
    }

    @Test
    void anEvaluationShowsABarOnATerminalAndQuartersElsewhere() {
        ConsoleView screen = console(new Terminal(true, false, 120), 190);
        screen.evaluating(0, 128, 256);
        assertEquals("evaluating step 0 [=====     ] 128/256", text());
        bytes.reset();
        screen.train(row(8));
        screen.evaluating(0, 192, 256);
        assertTrue(text().endsWith("trainer-bound  evaluating step 0 [=======   ] 192/256"), text());
        screen.evaluating(0, 256, 256);
        assertTrue(text().endsWith("trainer-bound"), text());
        bytes.reset();
        ConsoleView pipe = console(PIPE, 190);
        for (int done = 1; done <= 8; done++) pipe.evaluating(50, done, 8);
        assertEquals(
                List.of("evaluating step 50: 2 of 8", "evaluating step 50: 4 of 8", "evaluating step 50: 6 of 8"),
                text().lines().toList());
    }

    @Test
    void theEndFitsEightyColumnsAndShowsBothTablesSamplesAuditAndReport() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        FakeRun.write(folder, console(PIPE, 190));
        List<String> lines = text().lines().toList();
        for (String line : lines)
            if (!line.startsWith("Report: "))
                assertTrue(PlainText.width(line) <= 80, () -> PlainText.width(line) + " columns: " + line);
        assertTrue(lines.contains("Correctness 34 % → 85 %, language consistency 76 % → 100 %, in 4 min 48 s"));
        assertTrue(lines.contains("all           34.2 %    85.3 %     +51.2        75.8 %   100.0 %"));
        assertTrue(lines.contains("level 4        2.0 %    83.0 %    92.0 %     +90.0"));
        assertEquals(
                3, lines.stream().filter(line -> line.startsWith("  before  ")).count());
        assertEquals(
                3, lines.stream().filter(line -> line.startsWith("  after   ")).count());
        assertTrue(lines.contains("Ledger: 1718 groups leased = 1520 trained once + 174 dropped (zero signal) + 24"));
        assertTrue(lines.contains("in flight at the stop; lost 0, twice 0"));
        assertEquals("Report: " + folder.report().local(), lines.get(lines.size() - 1));
        assertFalse(text().contains("\u001b"));
    }

    @Test
    void colourNeedsATerminalAndNoNoColor() {
        assertEquals(new Terminal(true, true, 120), Terminal.of(Map.of("COLUMNS", "120"), true));
        assertEquals(new Terminal(true, false, 80), Terminal.of(Map.of("NO_COLOR", "1"), true));
        assertEquals(new Terminal(false, false, 80), Terminal.of(Map.of("TERM", "dumb"), true));
        assertEquals(new Terminal(false, false, 80), Terminal.of(Map.of("COLUMNS", "wide"), false));
        assertEquals("\u001b[1mx\u001b[0m", new Terminal(true, true, 80).bold("x"));
        assertEquals("x", SCREEN.bold("x"));
    }

    @Test
    void closingLeavesACleanLine() {
        ConsoleView console = console(SCREEN, 190);
        console.phase("evaluating");
        console.close();
        assertEquals("evaluating …\r\u001b[K", text());
    }

    private ConsoleView console(Terminal terminal, int steps) {
        return new ConsoleView(
                new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, steps, 0, RewardWeights.defaults());
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** 80 % right (0.72 / 0.9), all in one language (0.1 / 0.1), 1.5 s a step, trainer idle 3 %, generators 22 %. */
    private static Row row(int step) {
        Map<String, Object> row = MetricRows.train(step);
        row.putAll(Map.of("reward", .79, "rewardCorrectness", .72, "rewardLanguage", .1, "lengthMean", 68.2));
        row.putAll(Map.of("entropy", .412, "tokensPerSecond", 5230, "lagMean", 1.1, "seconds", 1.5));
        row.putAll(Map.of("generatorIdle", .22, "trainerIdle", .03, "verifierIdle", .9));
        return new Row(row);
    }
}
