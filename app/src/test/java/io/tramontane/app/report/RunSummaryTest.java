package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunSummaryTest {
    @Test
    void whereAResumedRunWroteAStepAgainTheLaterRowCounts() {
        Map<String, Object> again = MetricRows.train(2);
        again.put("reward", 0.9);
        RunSummary summary =
                RunSummary.of(List.of(MetricRows.train(1), MetricRows.train(2), MetricRows.train(3), again));
        assertEquals(List.of(1, 2, 3), summary.train().stream().map(Row::step).toList());
        assertEquals(0.9, summary.train().get(1).number("reward"));
    }

    @Test
    void withoutAnEndTheTrainingTimeIsTheSumOfTheSteps() {
        assertEquals(
                1.0,
                RunSummary.of(List.of(MetricRows.train(1), MetricRows.train(2))).trainSeconds());
    }

    @Test
    void theRoleThatIdlesLeastSetsThePace() {
        Pace trainer = new Pace(.22, .03, .90);
        assertEquals("trainer-bound", trainer.word());
        assertEquals(
                "The trainer sets the pace: idle 3 % of the time, while the generators waited 22 % of it.",
                trainer.sentence());
        assertEquals("generator-bound", new Pace(.03, .22, .90).word());
        assertEquals("balanced", new Pace(.03, .05, .90).word());
        assertEquals("", new Pace(Double.NaN, Double.NaN, .90).word());
    }

    @Test
    void aHealthyRunRaisesNoAlarm() {
        assertEquals(List.of(), alarms(Map.of(), Map.of()));
    }

    @Test
    void eachFaultRaisesItsOwnAlarm() {
        assertAlarm("generator and trainer disagree", alarms(Map.of("mismatchKl", 2e-6), Map.of()));
        assertAlarm("85.0 % of the last groups have equal rewards", alarms(Map.of("zeroSignalShare", .85), Map.of()));
        assertAlarm("30.0 % of the last completions were cut", alarms(Map.of("truncatedShare", .3), Map.of()));
        assertAlarm("1.0 % of the completions were UNSCORED", alarms(Map.of("unscoredShare", .02), Map.of()));
        assertAlarm("Entropy fell to 0.0010", alarms(Map.of("entropy", .001), Map.of()));
        assertAlarm("reward has not moved", alarms(Map.of("reward", .5), Map.of()));
        assertAlarm("gradient norm was not a number", alarms(Map.of("gradNorm", Double.NaN), Map.of()));
        assertAlarm("correctness fell from 38 % to 10 %", alarms(Map.of(), Map.of("correctness", .1)));
        assertAlarm("Language drift", alarms(Map.of(), Map.of("languageConsistency", .5)));
        assertAlarm("Format: the share", alarms(Map.of(), Map.of("formatOk", .6)));
    }

    @Test
    void aMismatchThatTheRunsDtypesExplainRaisesNoAlarm() {
        Map<String, Object> start = Map.of("kind", "start", "step", 0, "mismatchExpected", 1e-3);
        assertEquals(List.of(), ofMismatch(start, 9e-4));
        assertAlarm("generator and trainer disagree", ofMismatch(start, 1.1e-3));
    }

    private static List<String> ofMismatch(Map<String, Object> start, double kl) {
        List<Map<String, Object>> rows = new ArrayList<>();
        IntStream.rangeClosed(1, 40).mapToObj(RunSummaryTest::healthy).forEach(rows::add);
        rows.forEach(row -> row.put("mismatchKl", kl));
        rows.add(0, start);
        return Alarms.of(RunSummary.of(rows));
    }

    @Test
    void aFewProblemsOrCompletionsRaiseNoAlarm() {
        // one of twelve: 100 % to 92 %; Newcombe's interval of the change reaches from -35 to +16 points
        Map<String, Object> one = Map.of("languageConsistency", 11 / 12.0, "problems", 12);
        assertEquals(List.of(), alarms(Map.of(), Map.of("languageConsistency", 1.0, "problems", 12), one));
        // one of four cut in each of 20 steps is 25 %, but of 80: from 17 %
        assertEquals(List.of(), alarms(Map.of("truncatedShare", .25, "completions", 4), Map.of()));
        assertAlarm("25.0 % of the last", alarms(Map.of("truncatedShare", .25, "completions", 128), Map.of()));
    }

    @Test
    void wilsonsIntervalHasThePublishedValues() {
        Wilson none = Wilson.of(0, 20); // z^2 / (n + z^2) = 3.8415 / 23.8415
        assertEquals(0, none.low());
        assertEquals(0.1611, none.high(), 1e-4);
        Wilson half = Wilson.of(0.5, 10);
        assertEquals(0.2366, half.low(), 1e-4);
        assertEquals(0.7634, half.high(), 1e-4);
        assertEquals(new Wilson(0, 1), Wilson.of(Double.NaN, 10));
        assertEquals(new Wilson(0, 1), Wilson.of(0.5, 0));
        // Newcombe 1998, 56/70 to 48/80: -0.2 with the interval -0.3339 to -0.0524
        assertEquals(-0.0524, Wilson.mostChange(56 / 70.0, 70, 48 / 80.0, 80), 1e-4);
    }

    @Test
    void aRunFailedUntilItIsResumed() {
        Map<String, Object> end = MetricRows.end();
        end.put("reason", "failed: no space left");
        assertEquals("no space left", RunSummary.of(List.of(end)).failure().orElseThrow());
        Map<String, Object> failure = Map.of("kind", "event", "step", 3, "event", "failure", "detail", "no Spark");
        Map<String, Object> start = Map.of("kind", "start", "step", 3, "host", "b");
        assertEquals(
                "no Spark", RunSummary.of(List.of(start, failure)).failure().orElseThrow());
        assertTrue(RunSummary.of(List.of(failure, start)).failure().isEmpty());
        assertTrue(RunSummary.of(List.of(MetricRows.end())).failure().isEmpty());
    }

    @Test
    void aLedgerThatDoesNotAddUpIsAnAlarm() {
        Map<String, Object> end = MetricRows.end();
        // 12 leased, but 10 + 0 + 1 are 11
        end.put("ledger", Map.of("leased", 12, "trained", 10, "dropped", Map.of(), "inFlight", 1, "lost", List.of(7)));
        assertAlarm(
                "12 groups leased = 10 trained once + 0 dropped + 1 in flight at the stop; lost 1, twice 0",
                Alarms.of(RunSummary.of(List.of(end))));
        assertEquals(List.of(), Alarms.of(RunSummary.of(List.of(MetricRows.end()))));
    }

    @Test
    void aRunThatFailedSaysSoFirst() {
        Map<String, Object> end = MetricRows.end();
        end.put("reason", "failed: 32 groups in a row could not be scored");
        RunSummary failed = RunSummary.of(List.of(end));
        assertAlarm("The run failed: 32 groups in a row could not be scored.", Alarms.of(failed));
        assertEquals(List.of(), Alarms.ofNumbers(failed), "the console prints the failure itself");
    }

    private static void assertAlarm(String sentence, List<String> alarms) {
        assertEquals(1, alarms.size(), alarms::toString);
        assertTrue(alarms.get(0).contains(sentence), alarms.get(0));
    }

    /** 40 healthy steps, the last 20 with {@code fault}; two evaluations, the last with {@code evalFault}. */
    private static List<String> alarms(Map<String, Object> fault, Map<String, Object> evalFault) {
        return alarms(fault, Map.of(), evalFault);
    }

    private static List<String> alarms(
            Map<String, Object> fault, Map<String, Object> firstEval, Map<String, Object> evalFault) {
        List<Map<String, Object>> rows = new ArrayList<>();
        IntStream.rangeClosed(1, 40).mapToObj(RunSummaryTest::healthy).forEach(rows::add);
        rows.subList(20, 40).forEach(row -> row.putAll(fault));
        Map<String, Object> before = MetricRows.eval(0);
        before.put("problems", 256);
        before.putAll(firstEval);
        rows.add(before);
        Map<String, Object> last = new LinkedHashMap<>(MetricRows.eval(40));
        last.put("problems", 256);
        last.putAll(evalFault);
        rows.add(last);
        return Alarms.of(RunSummary.of(rows));
    }

    private static Map<String, Object> healthy(int step) {
        Map<String, Object> row = MetricRows.train(step);
        row.putAll(Map.of("reward", step / 100.0, "mismatchKl", 1e-11, "zeroSignalShare", .3, "truncatedShare", .01));
        row.put("unscoredShare", 0.0);
        return row;
    }
}
