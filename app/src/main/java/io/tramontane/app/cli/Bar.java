package io.tramontane.app.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress on standard error: a bar on a terminal, elsewhere a plain line every ten seconds. Safe for several threads. */
final class Bar implements AutoCloseable {
    private static final long LINE_NANOS = 10_000_000_000L;

    private final String task;
    private final long total;
    private final ProgressBar bar;
    private final PrintWriter lines;
    private final LongSupplier clock;
    private final long start;
    private long first = -1;
    private long done;
    private long lastLine;
    private String note = "";

    private Bar(String task, long total, ProgressBar bar, PrintWriter lines, LongSupplier clock) {
        this.task = task;
        this.total = total;
        this.bar = bar;
        this.lines = lines;
        this.clock = clock;
        this.start = clock.getAsLong();
        this.lastLine = start;
    }

    /** From 0 to {@code total} of something. */
    static Bar of(String task, long total, PrintWriter err) {
        return System.console() == null
                ? plain(task, total, err, System::nanoTime)
                : new Bar(task, total, shown(task, total), null, System::nanoTime);
    }

    /** Lines only; the clock counts nanoseconds. */
    static Bar plain(String task, long total, PrintWriter err, LongSupplier clock) {
        return new Bar(task, total, null, err, clock);
    }

    private static ProgressBar shown(String task, long total) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .build();
    }

    /** Sets how much is done. The first call sets how much was done before this bar started. */
    synchronized void to(long now) {
        done = now;
        if (first < 0) first = now;
        if (bar != null) bar.stepTo(now);
        else if (clock.getAsLong() - lastLine >= LINE_NANOS) line();
    }

    synchronized void step() {
        if (first < 0) first = 0;
        to(done + 1);
    }

    private void line() {
        lastLine = clock.getAsLong();
        double rate = (done - first) / ((lastLine - start) / 1e9);
        String left = rate <= 0 ? "" : String.format(Locale.ROOT, ", %.0f s left", (total - done) / rate);
        lines.println(String.format(
                        Locale.ROOT,
                        "%s: %d of %d (%.0f %%), %.1f a second%s %s",
                        task,
                        done,
                        total,
                        100.0 * done / total,
                        rate,
                        left,
                        note)
                .strip());
        lines.flush();
    }

    synchronized void note(String text) {
        note = text;
        if (bar != null) bar.setExtraMessage(text);
    }

    @Override
    public void close() {
        if (bar != null) bar.close();
    }
}
