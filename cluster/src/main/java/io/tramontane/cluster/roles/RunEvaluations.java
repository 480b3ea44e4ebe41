package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.run.Sample;
import io.tramontane.data.Group;
import io.tramontane.data.RewardBreakdown;
import java.util.List;
import java.util.Optional;

/** Orders a run's evaluations and reports their results. */
final class RunEvaluations {
    private final Config config;
    private final RunFolder folder;
    private final ListenerQueue listeners;
    private final EvaluationBook book;

    RunEvaluations(Config config, RunFolder folder, Prompts prompts, ListenerQueue listeners) {
        this.config = config;
        this.folder = folder;
        this.listeners = listeners;
        int problems = prompts.evaluationProblems(config.evaluation().problems());
        this.book = new EvaluationBook(problems, prompts.openings(problems));
    }

    /** Orders the evaluation of new weights if it is their turn. */
    void published(Offer offer) {
        if (!config.evaluation().interval().includes(offer.version())) return;
        boolean untrained = offer.version() == 0;
        book.order(
                offer,
                untrained && config.evaluation().forced(),
                untrained ? Optional.of(Sample.Phase.BEFORE) : Optional.empty());
    }

    /** Orders the evaluation of the last weights unless they have one; its completions are kept as samples. */
    void trainingEnded(Offer last) {
        if (!book.isLast(last.version())) book.order(last, false, Optional.of(Sample.Phase.AFTER));
        List<Sample> late = book.lateSamples(last.version());
        if (!late.isEmpty()) listeners.post(l -> l.samples(late));
    }

    /** The rewards of an evaluation group; the last one of an evaluation completes it. */
    void scored(Group group, List<RewardBreakdown> rewards) {
        Optional<EvaluationBook.Finished> finished = book.add(group, rewards);
        book.count(group.id()).ifPresent(c -> listeners.post(l -> l.evaluating(c.step(), c.done(), c.total())));
        finished.ifPresent(this::complete);
    }

    private void complete(EvaluationBook.Finished finished) {
        listeners.computeThenPost(finished::row, (l, row) -> {
            if (config.trainer().keepBestCheckpoint())
                BestCheckpoint.update(folder, finished.step(), (double) row.get("correctness"));
            l.problems(finished.step(), EvaluationRow.problems(finished.plain()));
            if (!finished.samples().isEmpty()) l.samples(finished.samples());
            l.eval(row);
        });
    }

    /** The weights of an order are gone: it is left out. */
    void unable(Messages.Unable unable) {
        book.forget(unable.number());
        listeners.post(l -> l.message("an evaluation is left out, its weights are gone: " + unable.why()));
    }

    /** Orders that are not complete. */
    List<Messages.Order> outstanding() {
        return book.outstanding();
    }
}
