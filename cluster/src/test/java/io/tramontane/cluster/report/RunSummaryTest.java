package io.tramontane.cluster.report;

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
        Map<String, Object> again = Rows.train(2);
        again.put("reward", 0.9);
        RunSummary summary = RunSummary.of(List.of(Rows.train(1), Rows.train(2), Rows.train(3), again));
        assertEquals(List.of(1, 2, 3), summary.train().stream().map(Row::step).toList());
        assertEquals(0.9, summary.train().get(1).number("reward"));
    }

    @Test
    void withoutAnEndTheTrainingTimeIsTheSumOfTheSteps() {
        assertEquals(1.0, RunSummary.of(List.of(Rows.train(1), Rows.train(2))).trainSeconds());
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
        assertAlarm("85 % of the last groups agree", alarms(Map.of("zeroSignalShare", .85), Map.of()));
        assertAlarm("30 % of the last completions were cut", alarms(Map.of("truncatedShare", .3), Map.of()));
        assertAlarm("1 % of the completions were UNSCORED", alarms(Map.of("unscoredShare", .02), Map.of()));
        assertAlarm("Entropy fell to 0.0010", alarms(Map.of("entropy", .001), Map.of()));
        assertAlarm("reward has not moved", alarms(Map.of("reward", .5), Map.of()));
        assertAlarm("gradient norm was not a number", alarms(Map.of("gradNorm", Double.NaN), Map.of()));
        assertAlarm("correctness fell from 38 % to 10 %", alarms(Map.of(), Map.of("correctness", .1)));
        assertAlarm("Language drift", alarms(Map.of(), Map.of("languageConsistency", .5)));
        assertAlarm("Gibberish", alarms(Map.of(), Map.of("formatOk", .6)));
    }

    @Test
    void aLedgerThatDoesNotAddUpIsAnAlarm() {
        Map<String, Object> end = Rows.end();
        // 12 leased, but 10 + 0 + 1 are 11
        end.put("ledger", Map.of("leased", 12, "trained", 10, "dropped", Map.of(), "inFlight", 1, "lost", List.of(7)));
        assertAlarm(
                "12 groups leased = 10 trained once + 0 dropped + 1 in flight at the stop; lost 1, twice 0",
                Alarms.of(RunSummary.of(List.of(end))));
        assertEquals(List.of(), Alarms.of(RunSummary.of(List.of(Rows.end()))));
    }

    @Test
    void aRunThatFailedSaysSoFirst() {
        Map<String, Object> end = Rows.end();
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
        List<Map<String, Object>> rows = new ArrayList<>();
        IntStream.rangeClosed(1, 40).mapToObj(RunSummaryTest::healthy).forEach(rows::add);
        rows.subList(20, 40).forEach(row -> row.putAll(fault));
        rows.add(Rows.eval(0));
        Map<String, Object> last = new LinkedHashMap<>(Rows.eval(40));
        last.putAll(evalFault);
        rows.add(last);
        return Alarms.of(RunSummary.of(rows));
    }

    private static Map<String, Object> healthy(int step) {
        Map<String, Object> row = Rows.train(step);
        row.putAll(Map.of("reward", step / 100.0, "mismatchKl", 1e-11, "zeroSignalShare", .3, "truncatedShare", .01));
        row.put("unscoredShare", 0.0);
        return row;
    }
}
