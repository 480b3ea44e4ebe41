package io.tramontane.app.report;

import io.tramontane.rewards.RewardWeights;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The progress of a run as text for the console: means over the last steps.
 *
 * <p>Correctness and language come from the reward, so they move every step: share right = rewardCorrectness / its
 * weight, share in one language = rewardLanguage / its weight (unknown at a weight of 0). They are of sampled training completions.
 */
final class ConsoleProgress {
    private static final int WINDOW = 20;

    /** Heading of {@link #tableRow}. */
    static final String TABLE_HEADING =
            "    step  reward  correct  language  length  entropy  tok/s  lag  idle g/t  left";

    private final int steps;
    private final double minutes;
    private final RewardWeights weights;
    private final Deque<Row> window = new ArrayDeque<>();
    private final Set<String> extras = new TreeSet<>();
    private double secondsDone;

    /**
     * Nothing done yet.
     *
     * @param steps the run's last step
     * @param minutes the run's limit; 0 is none
     * @param weights what the parts of the run's reward are worth
     */
    ConsoleProgress(int steps, double minutes, RewardWeights weights) {
        this.steps = steps;
        this.minutes = minutes;
        this.weights = weights;
    }

    void add(Row train) {
        window.addLast(train);
        if (window.size() > WINDOW) window.removeFirst();
        for (String name : train.values().keySet())
            if (name.startsWith(MetricNames.EXTRA)) extras.add(name.substring(MetricNames.EXTRA.length()));
        if (Double.isFinite(train.number("seconds"))) secondsDone += train.number("seconds");
    }

    /** The longest form that fits; if none does, step and reward. */
    String liveLine(int columns) {
        String pace = Pace.of(recent()).word();
        String step = step() + "/" + steps;
        String reward = ReadableNumbers.fixed(mean("reward"), 2);
        String left = ReadableNumbers.clock(secondsLeft());
        String rate = ReadableNumbers.rate(mean("tokensPerSecond"));
        String lag = ReadableNumbers.fixed(mean("lagMean"), 1);
        String length = ReadableNumbers.fixed(mean("lengthMean"), 0);
        List<String> forms = new ArrayList<>();
        String own = extras.stream()
                .map(name -> "  " + name + " " + ReadableNumbers.fixed(mean(MetricNames.EXTRA + name), 2))
                .collect(Collectors.joining());
        String whole = "step %s  reward %s  correct %s  language %s%s  length %s  %s tok/s  lag %s  %s left  %s";
        forms.add(String.format(
                Locale.ROOT, whole, step, reward, correct(), language(), own, length, rate, lag, left, pace));
        forms.add(String.format(
                Locale.ROOT, whole, step, reward, correct(), language(), "", length, rate, lag, left, pace));
        forms.add(String.format(
                Locale.ROOT,
                "%s reward %s correct %s lang %s len %s %s tok/s lag %s %s left %s",
                step,
                reward,
                tight(correct()),
                tight(language()),
                length,
                rate,
                lag,
                left,
                pace));
        forms.add(String.format(
                Locale.ROOT,
                "%s reward %s right %s lang %s len %s %s/s lag %s %s %s",
                step,
                reward,
                tight(correct()),
                tight(language()),
                length,
                rate,
                lag,
                left,
                pace));
        forms.add(String.format(
                Locale.ROOT,
                "%s reward %s right %s lang %s %s left",
                step,
                reward,
                tight(correct()),
                tight(language()),
                left));
        for (String form : forms) if (form.strip().length() <= columns) return form.strip();
        return String.format(Locale.ROOT, "%s reward %s", step, reward);
    }

    /** {@link #TABLE_HEADING}, and a column for each of the user's own rewards so far. */
    String heading() {
        StringBuilder heading = new StringBuilder(TABLE_HEADING);
        for (String name : extras) heading.append(PlainText.padLeft(name, width(name)));
        return heading.toString();
    }

    /** A row under {@link #heading}, 80 columns without the user's own rewards. */
    String tableRow() {
        String idle = tight(ReadableNumbers.percent(mean("generatorIdle"))).replace("%", "") + "/"
                + tight(ReadableNumbers.percent(mean("trainerIdle")));
        return PlainText.padLeft(step() + "", 8)
                + PlainText.padLeft(ReadableNumbers.fixed(mean("reward"), 3), 8)
                + PlainText.padLeft(correct(), 9)
                + PlainText.padLeft(language(), 10)
                + PlainText.padLeft(ReadableNumbers.fixed(mean("lengthMean"), 0), 8)
                + PlainText.padLeft(ReadableNumbers.fixed(mean("entropy"), 3), 9)
                + PlainText.padLeft(ReadableNumbers.rate(mean("tokensPerSecond")), 7)
                + PlainText.padLeft(ReadableNumbers.fixed(mean("lagMean"), 1), 5)
                + PlainText.padLeft(idle, 10)
                + PlainText.padLeft(ReadableNumbers.clock(secondsLeft()), 6)
                + extras.stream()
                        .map(name -> PlainText.padLeft(
                                ReadableNumbers.fixed(mean(MetricNames.EXTRA + name), 3), width(name)))
                        .collect(Collectors.joining());
    }

    private static int width(String name) {
        return Math.max(8, name.length() + 2);
    }

    /** True before the first step. */
    boolean isEmpty() {
        return window.isEmpty();
    }

    private int step() {
        return window.isEmpty() ? 0 : window.getLast().step();
    }

    private double secondsLeft() {
        double bySteps = (steps - step()) * mean("seconds");
        return minutes > 0 ? Math.min(bySteps, Math.max(0, 60 * minutes - secondsDone)) : bySteps;
    }

    private String correct() {
        return ReadableNumbers.percent(mean("rewardCorrectness") / weights.correctness());
    }

    private String language() {
        return ReadableNumbers.percent(mean("rewardLanguage") / weights.language());
    }

    private double mean(String name) {
        return Row.mean(recent(), name);
    }

    private List<Row> recent() {
        return List.copyOf(window);
    }

    private static String tight(String text) {
        return text.replace(" ", "");
    }
}
