package io.tramontane.cluster.roles;

import io.tramontane.cluster.evaluation.EvaluatedProblem;
import io.tramontane.cluster.evaluation.Evaluation;
import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.run.Sample;
import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.rewards.SameAnswers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Evaluations that were ordered and what came back so far. */
final class EvaluationBook {
    /** Problems whose completions a person can read before and after. */
    private static final int READABLE = 42;

    /**
     * An evaluation that is complete.
     *
     * @param step policy version
     * @param plain every problem, in the order that {@code evaluate} has them
     * @param forced those with a forced opening; null when none was ordered
     * @param samples for a person
     */
    record Finished(int step, List<EvaluatedProblem> plain, List<EvaluatedProblem> forced, List<Sample> samples) {
        /** The statistics. Compares answers and draws intervals, so not to be called where others wait. */
        Map<String, Object> row() {
            Map<String, Object> row = statistics(plain);
            row.put("kind", "eval");
            row.put("step", step);
            if (forced != null) row.put("forced", statistics(forced));
            return row;
        }

        private static Map<String, Object> statistics(List<EvaluatedProblem> problems) {
            return EvaluationRow.of(new Evaluation(problems.stream()
                    .map(p -> new EvaluatedProblem(p.group(), p.verdicts(), SameAnswers.of(p.problem(), p.verdicts())))
                    .toList()));
        }
    }

    private static final class Open {
        final Messages.Order order;
        final NavigableMap<Long, EvaluatedProblem> verdicts = new TreeMap<>();
        Optional<Sample.Phase> phase;

        Open(Messages.Order order, Optional<Sample.Phase> phase) {
            this.order = order;
            this.phase = phase;
        }
    }

    private final int problems;
    private final int openings;
    private final Map<Integer, Open> open = new TreeMap<>();
    private final Map<Integer, Count> finished = new TreeMap<>();
    private final Set<Integer> complete = new HashSet<>();
    private Open newest; // of those that are complete
    private int orders;

    /**
     * Nothing is ordered yet.
     *
     * @param problems problems of an evaluation; 0 orders none
     * @param openings those of them whose opening can be forced
     */
    EvaluationBook(int problems, int openings) {
        this.problems = problems;
        this.openings = openings;
    }

    /**
     * Orders an evaluation; its completions are kept as samples if they have a phase. A version that a restarted trainer
     * offers again is not evaluated twice; an order that is still open goes on with the new offer.
     */
    synchronized void order(Offer offer, boolean forced, Optional<Sample.Phase> phase) {
        if (problems == 0 || complete.contains(offer.version())) return;
        open.values().removeIf(each -> each.order.offer().version() == offer.version());
        Messages.Order order = new Messages.Order(orders++, offer, forced && openings > 0);
        open.put(order.number(), new Open(order, phase));
    }

    /** An evaluation of this version under way becomes the last one; false when this version needs one. */
    synchronized boolean isLast(int version) {
        if (problems == 0 || complete.contains(version)) return true;
        for (Open each : open.values()) {
            if (each.order.offer().version() != version) continue;
            if (each.phase.isEmpty()) each.phase = Optional.of(Sample.Phase.AFTER);
            return true;
        }
        return false;
    }

    /** Completions of the last evaluation that was complete before anybody knew that it is the last one. */
    synchronized List<Sample> lateSamples(int version) {
        if (newest == null || newest.order.offer().version() != version || newest.phase.isPresent()) return List.of();
        newest.phase = Optional.of(Sample.Phase.AFTER);
        return finish(newest).samples();
    }

    /** Orders that are not complete. */
    synchronized List<Messages.Order> outstanding() {
        return open.values().stream().map(each -> each.order).toList();
    }

    /** An order that cannot be carried out is forgotten. */
    synchronized void forget(int number) {
        open.remove(number);
    }

    /** One problem came back; tells when its evaluation is complete with it. */
    synchronized Optional<Finished> add(Group group, List<RewardBreakdown> rewards) {
        EvaluationIds id = EvaluationIds.read(group.id());
        Open each = open.get(id.order());
        if (each == null) return Optional.empty();
        each.verdicts.put(group.id(), new EvaluatedProblem(group, rewards));
        if (each.verdicts.size() < total(each)) return Optional.empty();
        finished.put(id.order(), new Count(each.order.offer().version(), total(each), total(each)));
        open.remove(id.order());
        complete.add(each.order.offer().version());
        newest = each;
        return Optional.of(finish(each));
    }

    /** How far an evaluation under way is. */
    record Count(int step, int done, int total) {}

    /** Of the evaluation that a group belongs to; a complete one has everything. */
    synchronized Optional<Count> count(long group) {
        int order = EvaluationIds.read(group).order();
        Open each = open.get(order);
        if (each == null) return Optional.ofNullable(finished.get(order));
        return Optional.of(new Count(each.order.offer().version(), each.verdicts.size(), total(each)));
    }

    private int total(Open each) {
        return problems + (each.order.forced() ? openings : 0);
    }

    private Finished finish(Open each) {
        int step = each.order.offer().version();
        List<EvaluatedProblem> plain = new ArrayList<>();
        List<EvaluatedProblem> forced = new ArrayList<>();
        List<Sample> samples = new ArrayList<>();
        // numbers are negative: in the order of the problems, as evaluate has them
        each.verdicts.descendingMap().forEach((id, problem) -> {
            EvaluationIds about = EvaluationIds.read(id);
            (about.forced() ? forced : plain).add(problem);
            if (each.phase.isPresent() && !about.forced() && about.index() < READABLE)
                samples.add(new Sample(
                        step,
                        each.phase.get(),
                        problem.problem(),
                        problem.group().completions().get(0),
                        problem.verdicts().get(0)));
        });
        return new Finished(step, plain, each.order.forced() ? forced : null, samples);
    }
}
