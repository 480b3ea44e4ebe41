package io.tramontane.app.experiment;

import io.tramontane.data.BadInputException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of an arm: {@code eval.NAME} of the newest evaluation of its run, {@code eval.byLanguage.fr} of a part of it,
 * {@code train.NAME} as the mean over the last fifth of the steps, {@code run.NAME} over all of them, or {@code check.CHECK.NAME} of a further evaluation of its
 * last checkpoint or an analysis of all of them.
 *
 * @param kind eval, train, run or check
 * @param name of the number, with dots for objects inside
 * @param check name of the further evaluation; empty for the others
 */
record Metric(String kind, String name, String check) {
    private static final Pattern LANGUAGE = Pattern.compile("byLanguage\\.([a-z]+)(?:\\..*)?");
    private static final Set<String> SHARES = Set.of("correctness", "languageConsistency", "formatOk");

    /** From a file. */
    static Metric of(String text) {
        List<String> parts = List.of(text.split("\\.", 3));
        boolean check = parts.get(0).equals("check");
        if (parts.size() < (check ? 3 : 2)
                || !List.of("eval", "train", "run", "check").contains(parts.get(0)))
            throw new BadInputException(
                    "metric " + text + ", allowed eval.NAME, train.NAME, run.NAME or check.CHECK.NAME");
        if (check) return new Metric("check", parts.get(2), parts.get(1));
        return new Metric(parts.get(0), text.substring(parts.get(0).length() + 1), "");
    }

    /** True for a number that steps have. */
    boolean isOfTraining() {
        return kind.equals("train") || kind.equals("run");
    }

    boolean isShare() {
        return SHARES.contains(name)
                || name.endsWith("Share")
                || name.startsWith("byLanguage.")
                || name.startsWith("explainedShare.")
                || name.matches("(.*\\.)?(pass|maj)@\\d+");
    }

    /** What stands behind a difference. */
    String unit() {
        return isShare() ? " points" : "";
    }

    String signed(double value) {
        return String.format(Locale.ROOT, isShare() ? "%+.1f" : "%+.3g", isShare() ? 100 * value : value);
    }

    /** A value, shares in per cent. */
    String text(double value) {
        return text(value, value);
    }

    /** A value with as many digits as suit {@code beside}, which it stands beside. */
    String text(double value, double beside) {
        if (!Double.isFinite(value)) return "–";
        if (isShare()) return String.format(Locale.ROOT, Math.abs(beside) < 0.01 ? "%.2f %%" : "%.1f %%", 100 * value);
        return Math.abs(value) >= 1000
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }

    /** For the head of a column. */
    String label() {
        Matcher language = LANGUAGE.matcher(name);
        String words = language.matches()
                ? Locale.forLanguageTag(language.group(1)).getDisplayLanguage(Locale.ENGLISH) + " correct"
                : name.replaceAll("([a-z0-9])([A-Z])", "$1 $2")
                        .replace('.', ' ')
                        .toLowerCase(Locale.ROOT);
        return check.isEmpty() ? words : words + ", " + check;
    }

    @Override
    public String toString() {
        return check.isEmpty() ? kind + "." + name : "check." + check + "." + name;
    }
}
