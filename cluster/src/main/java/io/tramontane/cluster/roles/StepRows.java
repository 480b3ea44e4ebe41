package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.Config;
import io.tramontane.data.Batch;
import io.tramontane.data.Interval;
import io.tramontane.trainer.StepReport;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reports every step to the listener, once: its row, and from time to time completions to read. */
final class StepRows {
    /** Steps 1, 11, 21 and so on have samples. */
    private static final Interval SAMPLES = new Interval(10);

    private final Config config;
    private final StepWindow window;
    private final ListenerQueue listeners;
    private final Function<int[], List<String>> pieces;
    private volatile int last; // asked for while a row is written

    /**
     * Goes on after a step.
     *
     * @param pieces the text of each token
     * @param last the newest step that was reported; 0 for none
     */
    StepRows(
            Config config, StepWindow window, ListenerQueue listeners, Function<int[], List<String>> pieces, int last) {
        this.config = config;
        this.window = window;
        this.listeners = listeners;
        this.pieces = pieces;
        this.last = last;
    }

    /**
     * A step was made. One that was reported before the trainer started again is not reported again.
     *
     * @param seconds since the step before
     * @param idle asked once for each step that is reported: it counts from the last time
     */
    synchronized void stepped(StepReport report, double seconds, Supplier<StepWindow.Idle> idle) {
        if (report.step() <= last) return;
        Batch batch = window.batch(report.step());
        Map<String, Object> row = window.close(report, config.cluster().maxLag() == 0, seconds, idle.get());
        row.put("maxLength", config.at(report.step()).rewards().maxLength());
        row.put("stage", config.stages().headMap(report.step(), true).size());
        last = report.step();
        listeners.postAndWait(l -> {
            if (SAMPLES.includes(report.step() - 1) && batch != null) {
                l.samples(TrainSamples.of(batch));
                GroupSample.of(batch, pieces).ifPresent(group -> l.group(report.step(), group));
            }
            l.train(row);
        });
    }

    /** The newest step that was reported. */
    int last() {
        return last;
    }
}
