package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.run.Sample;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EvaluationBookTest {
    private static Offer offer(int version) {
        return new Offer(version, "", List.of(), null);
    }

    private static Group group(long id, String language, int level) {
        Completion completion = new Completion(new int[] {1, 2}, new float[2], new int[2], true, "<think>a</think>b");
        Problem problem = Problem.math("p" + id, language, "1+1?", "2", Map.of("level", level));
        return new Group(id, problem, new int[] {1}, List.of(completion));
    }

    private static List<RewardBreakdown> correct(double language) {
        return List.of(new RewardBreakdown(0.1, 0.9, 0, language, Verdict.CORRECT, "", "", List.of(), 1));
    }

    private static List<RewardBreakdown> formatError() {
        return List.of(new RewardBreakdown(0, 0, 0, 0, Verdict.FORMAT_ERROR, "", "", List.of(), 1));
    }

    @Test
    void idsTellWhereAGroupBelongs() {
        assertEquals(-1, EvaluationIds.of(0, false, 0));
        EvaluationIds back = EvaluationIds.read(EvaluationIds.of(3, true, 255));
        assertEquals(new EvaluationIds(3, true, 255), back);
    }

    @Test
    void anEvaluationIsCompleteWhenEveryProblemIsBackInBothVariants() {
        EvaluationBook book = new EvaluationBook(2, 1);
        book.order(offer(0), true, Optional.of(Sample.Phase.BEFORE));
        assertTrue(book.add(group(EvaluationIds.of(0, false, 0), "fr", 1), correct(0.1))
                .isEmpty());
        assertTrue(book.add(group(EvaluationIds.of(0, false, 0), "fr", 1), correct(0.1))
                .isEmpty()); // twice
        assertTrue(book.add(group(EvaluationIds.of(0, true, 0), "fr", 1), correct(0.1))
                .isEmpty());
        EvaluationBook.Finished finished = book.add(group(EvaluationIds.of(0, false, 1), "de", 2), formatError())
                .orElseThrow();
        Map<String, Object> row = finished.row();
        assertEquals(2, row.get("problems"));
        assertEquals(0.5, row.get("correctness"));
        assertEquals(0.5, row.get("languageConsistency"));
        assertEquals(0.5, row.get("formatOk"));
        assertEquals(Map.of("fr", 1.0, "de", 0.0), row.get("byLanguage"));
        assertEquals(Map.of("1", 1.0, "2", 0.0), row.get("byLevel"));
        assertEquals(1.0, ((Map<?, ?>) row.get("forced")).get("correctness"));
        assertEquals(2, finished.samples().size());
        assertTrue(book.outstanding().isEmpty());
    }

    @Test
    void theProblemsThatAreBackAreCountedAndEachHasARow() {
        EvaluationBook book = new EvaluationBook(2, 0);
        book.order(offer(7), false, Optional.empty());
        long first = EvaluationIds.of(0, false, 0);
        long second = EvaluationIds.of(0, false, 1);
        book.add(group(first, "fr", 1), correct(0.1));
        assertEquals(new EvaluationBook.Count(7, 1, 2), book.count(first).orElseThrow());
        EvaluationBook.Finished finished =
                book.add(group(second, "fr", 1), formatError()).orElseThrow();
        assertEquals(new EvaluationBook.Count(7, 2, 2), book.count(second).orElseThrow());
        List<Map<String, Object>> rows = EvaluationRow.problems(finished.plain());
        assertEquals(
                List.of(1.0, 0.0), rows.stream().map(row -> row.get("correct")).toList());
        assertEquals("p" + first, rows.get(0).get("problemId"));
        assertEquals(rows.get(0).get("content"), rows.get(1).get("content"), "the same statement and answer");
        assertEquals(2.0, rows.get(0).get("length"));
    }

    @Test
    void anUnscoredCompletionCountsNowhere() {
        EvaluationBook book = new EvaluationBook(2, 0);
        book.order(offer(5), false, Optional.empty());
        book.add(group(EvaluationIds.of(0, false, 0), "fr", 1), correct(0));
        Map<String, Object> row = book.add(
                        group(EvaluationIds.of(0, false, 1), "fr", 1),
                        List.of(RewardBreakdown.unscored("no sandbox", 1)))
                .orElseThrow()
                .row();
        assertEquals(1, row.get("problems"));
        assertEquals(1.0, row.get("correctness"));
        assertEquals(0.0, row.get("languageConsistency"));
    }

    @Test
    void wrongAnswersOfOneValueVoteTogether() {
        EvaluationBook book = new EvaluationBook(1, 0);
        book.order(offer(5), false, Optional.empty());
        Completion completion = new Completion(new int[] {1}, new float[1], new int[1], true, "");
        Problem problem = Problem.math("p", "en", "1+1?", "2", Map.of());
        Group three = new Group(
                EvaluationIds.of(0, false, 0), problem, new int[] {1}, List.of(completion, completion, completion));
        Map<String, Object> row = book.add(
                        three,
                        List.of(
                                verdict(Verdict.CORRECT, "2"),
                                verdict(Verdict.WRONG, "1/2"),
                                verdict(Verdict.WRONG, "\\frac12")))
                .orElseThrow()
                .row();
        assertEquals(0.0, row.get("majority")); // told apart by text it would be a third: a tie of three
        assertEquals(1 / 3.0, (double) row.get("correctness"), 1e-12);
    }

    private static RewardBreakdown verdict(Verdict verdict, String answer) {
        return new RewardBreakdown(0.1, verdict == Verdict.CORRECT ? 0.9 : 0, 0, 0, verdict, "", answer, List.of(), 1);
    }

    @Test
    void withoutProblemsNothingIsOrdered() {
        EvaluationBook book = new EvaluationBook(0, 0);
        book.order(offer(0), true, Optional.of(Sample.Phase.BEFORE));
        assertTrue(book.outstanding().isEmpty());
        assertTrue(book.isLast(10));
    }

    @Test
    void aVersionThatIsOfferedAgainIsEvaluatedOnce() {
        EvaluationBook book = new EvaluationBook(1, 0);
        book.order(offer(5), false, Optional.empty());
        book.order(offer(5), false, Optional.empty()); // the trainer started again: new order for its new offer
        assertEquals(
                List.of(1), book.outstanding().stream().map(o -> o.number()).toList());
        book.add(group(EvaluationIds.of(1, false, 0), "fr", 1), correct(0));
        book.order(offer(5), false, Optional.empty());
        assertTrue(book.outstanding().isEmpty());
        assertTrue(book.isLast(5));
    }

    @Test
    void anEvaluationThatTurnsOutToBeTheLastHasItsSamples() {
        EvaluationBook book = new EvaluationBook(1, 0);
        book.order(offer(5), false, Optional.empty());
        EvaluationBook.Finished complete = book.add(group(EvaluationIds.of(0, false, 0), "fr", 1), correct(0))
                .orElseThrow();
        assertEquals(List.of(), complete.samples());
        assertEquals(List.of(), book.lateSamples(6));
        List<Sample> late = book.lateSamples(5);
        assertEquals(
                List.of(Sample.Phase.AFTER), late.stream().map(Sample::phase).toList());
        assertEquals("p" + EvaluationIds.of(0, false, 0), late.get(0).problem().id());
        assertEquals(List.of(), book.lateSamples(5)); // told once
    }

    @Test
    void whatWasSampledBeforeTrainingIsNotWhatCameAfterIt() {
        EvaluationBook book = new EvaluationBook(1, 0);
        book.order(offer(0), false, Optional.of(Sample.Phase.BEFORE));
        book.add(group(EvaluationIds.of(0, false, 0), "fr", 1), correct(0));
        assertEquals(List.of(), book.lateSamples(0)); // a run without steps
    }
}
