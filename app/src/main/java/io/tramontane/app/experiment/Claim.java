package io.tramontane.app.experiment;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.tramontane.data.BadInputException;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A finding that is checked: the difference of a metric between two sides, or between a side and a number, is expected to be
 * above 0, below 0, or small.
 *
 * @param says the paper's finding in a few words
 * @param metric see {@link Metric}
 * @param of one side: an arm, or {@code ARM@start} for its policy before training, {@code ARM@20} for step 20
 * @param against the other side; null where it is a number
 * @param value the number that it is compared with; null where it is a side
 * @param againstMetric what is measured of the other side; the same metric where it is absent
 * @param expect what the difference, {@code of} minus {@code against}, should be
 * @param within for {@link Expectation#SAME}: differences up to this size are none, in the metric's unit
 */
public record Claim(
        String says,
        String metric,
        Side of,
        Side against,
        Double value,
        String againstMetric,
        Expectation expect,
        double within) {
    /** Fills in what the file leaves out. */
    public Claim {
        if (againstMetric == null) againstMetric = metric;
    }

    /** What is expected of a difference. */
    public enum Expectation {
        /** Above 0. */
        @JsonProperty("higher")
        HIGHER,
        /** Below 0. */
        @JsonProperty("lower")
        LOWER,
        /** At most {@code within} on either side of 0. */
        @JsonProperty("same")
        SAME
    }

    /**
     * An arm at some point of its training.
     *
     * @param step the policy version that was evaluated: 0 before training; empty for the newest evaluation
     */
    public record Side(String arm, OptionalInt step) {
        private static final Pattern FORM = Pattern.compile("([^@]*)@(start|\\d{1,9})");

        /** From the file: {@code ARM}, {@code ARM@start} or {@code ARM@STEP}. */
        @JsonCreator
        public static Side of(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) return new Side(text, OptionalInt.empty());
            return new Side(
                    form.group(1), OptionalInt.of(form.group(2).equals("start") ? 0 : Integer.parseInt(form.group(2))));
        }

        @Override
        public String toString() {
            if (step.isEmpty()) return arm;
            return step.getAsInt() == 0 ? arm + " before training" : arm + " at step " + step.getAsInt();
        }
    }

    /** What the numbers say of a claim. */
    public enum Verdict {
        /** The whole interval lies where it was expected. */
        AGREES("agrees", "agree"),
        /** The whole interval lies elsewhere. */
        DISAGREES("disagrees", "disagree"),
        /** The interval holds both. */
        NOT_RESOLVED("not resolved at this scale", "not resolved at this scale");

        private final String words;
        private final String ofSeveral;

        Verdict(String words, String ofSeveral) {
            this.words = words;
            this.ofSeveral = ofSeveral;
        }

        /** "2 agree". */
        String counted(long count) {
            return count + " " + (count == 1 ? words : ofSeveral);
        }

        @Override
        public String toString() {
            return words;
        }
    }

    void check(Set<String> arms) {
        if (says == null || says.isBlank()) throw new BadInputException("claims: says is missing");
        if (metric == null || of == null || expect == null || (against == null) == (value == null))
            throw new BadInputException(
                    "claim \"" + says + "\": allowed metric, of, expect, and one of against and value, all of them");
        Metric.of(metric);
        Metric.of(againstMetric);
        if (value != null && (!Double.isFinite(value) || !againstMetric.equals(metric)))
            throw new BadInputException("claim \"" + says + "\": value " + value + " with againstMetric "
                    + againstMetric + ", allowed a number, and no againstMetric");
        for (Side side : against == null ? new Side[] {of} : new Side[] {of, against})
            if (!arms.contains(side.arm()))
                throw new BadInputException(
                        "claim \"" + says + "\": no arm " + side.arm() + ", allowed " + String.join(", ", arms));
        for (Side side : against == null ? new Side[] {of} : new Side[] {of, against})
            if (side.step().isPresent()
                    && !Metric.of(side == of ? metric : againstMetric).kind().equals("eval"))
                throw new BadInputException("claim \"" + says + "\": " + side.arm() + "@"
                        + side.step().getAsInt() + " with metric " + metric + ", allowed with eval.NAME");
        if (expect == Expectation.SAME ? !(within > 0) : within != 0)
            throw new BadInputException("claim \"" + says + "\": within " + within
                    + ", allowed above 0 with expect: same, absent otherwise");
    }

    /** What is compared, in words: {@code a minus b}; alone where it is compared with 0. */
    String sides() {
        String label = Metric.of(metric).label();
        if (value != null) return label + ", " + of + (value == 0 ? "" : ", minus " + value);
        String other = Metric.of(againstMetric).label();
        if (label.equals(other)) return label + ", " + of + " minus " + against;
        return label + ", " + of + ", minus " + other + ", " + against;
    }

    /** The rule: only an interval that lies wholly on one side decides. */
    Verdict judge(Difference difference) {
        if (!difference.hasInterval()) return Verdict.NOT_RESOLVED;
        double low = difference.low();
        double high = difference.high();
        return switch (expect) {
            case HIGHER -> low > 0 ? Verdict.AGREES : high < 0 ? Verdict.DISAGREES : Verdict.NOT_RESOLVED;
            case LOWER -> high < 0 ? Verdict.AGREES : low > 0 ? Verdict.DISAGREES : Verdict.NOT_RESOLVED;
            case SAME ->
                low >= -within && high <= within
                        ? Verdict.AGREES
                        : low > within || high < -within ? Verdict.DISAGREES : Verdict.NOT_RESOLVED;
        };
    }
}
