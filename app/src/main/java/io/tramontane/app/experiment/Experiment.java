package io.tramontane.app.experiment;

import io.tramontane.data.BadInputException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An experiment file, {@code conf/experiments/NAME.yaml}.
 *
 * @param file where it was read; not a key of the file
 * @param title of the page
 * @param question that it asks, one sentence
 * @param paper what a paper found
 * @param runsOf name of an experiment in the same folder whose base, set, seeds and arms this one has, and whose runs it
 *     looks at; empty for an experiment with its own
 * @param base recipe of every arm, relative to the file
 * @param set {@code path=value} of every arm
 * @param seeds used where the command line names none
 * @param arms what is compared, two or more, or one whose start and end are compared
 * @param charts names of columns of {@code metrics.jsonl} that are drawn over the steps
 * @param axis of the charts: step, tokens (trained so far) or elapsedSeconds
 * @param table metrics, see {@link Metric}, that the table shows for every arm
 * @param claims what is expected and judged by rule
 * @param notes what the scale of this experiment cannot decide
 */
public record Experiment(
        Path file,
        String title,
        String question,
        Paper paper,
        String runsOf,
        String base,
        List<String> set,
        List<Long> seeds,
        List<Arm> arms,
        List<String> charts,
        String axis,
        List<String> table,
        List<Claim> claims,
        List<String> notes) {

    /**
     * What a paper found.
     *
     * @param where section, figure or table
     * @param setting of its run
     * @param finding with its numbers
     */
    public record Paper(String where, String setting, String finding) {}

    /**
     * One setting.
     *
     * @param name for folders and tables: small letters, digits, dots and dashes
     * @param set {@code path=value} that distinguishes it
     * @param coldStart recipe of a supervised cold start that it begins with, relative to the file; empty for the base's model
     * @param coldStartSet {@code path=value} of the cold start
     * @param evaluate by name: further evaluations of its last checkpoint, flags of the command {@code evaluate}
     */
    public record Arm(
            String name,
            List<String> set,
            String coldStart,
            List<String> coldStartSet,
            Map<String, List<String>> evaluate,
            Map<String, List<String>> analyse) {
        /** Fills in what the file leaves out. */
        public Arm {
            if (name == null || !name.matches("[a-z0-9][a-z0-9.-]{0,39}"))
                throw new BadInputException(
                        "arm name " + name + ", allowed small letters, digits, . and -, at most 40");
            set = set == null ? List.of() : List.copyOf(set);
            coldStart = coldStart == null ? "" : coldStart;
            coldStartSet = coldStartSet == null ? List.of() : List.copyOf(coldStartSet);
            evaluate = evaluate == null ? Map.of() : new TreeMap<>(evaluate);
            analyse = analyse == null ? Map.of() : new TreeMap<>(analyse);
            for (String check : analyse.keySet())
                if (evaluate.containsKey(check))
                    throw new BadInputException(
                            "arm " + name + ": evaluate and analyse both have " + check + ", allowed different names");
        }
    }

    /** Fills in what the file leaves out. */
    public Experiment {
        runsOf = runsOf == null ? "" : runsOf;
        set = set == null ? List.of() : List.copyOf(set);
        seeds = seeds == null ? List.of(1L) : List.copyOf(seeds);
        arms = arms == null ? List.of() : List.copyOf(arms);
        charts = charts == null ? List.of() : List.copyOf(charts);
        table = table == null ? List.of("eval.correctness") : List.copyOf(table);
        claims = claims == null ? List.of() : List.copyOf(claims);
        notes = notes == null ? List.of() : List.copyOf(notes);
        axis = axis == null ? "step" : axis;
        if (paper == null) paper = new Paper("", "", "");
    }

    /** Complains of what cannot work. */
    void check() {
        if (!List.of("step", "tokens", "elapsedSeconds").contains(axis))
            throw new BadInputException("axis " + axis + ", allowed step, tokens, elapsedSeconds");
        required("title", title);
        required("question", question);
        required("base", base);
        if (arms.isEmpty()) throw new BadInputException("arms: none, allowed one or more");
        if (seeds.isEmpty()) throw new BadInputException("seeds: none, allowed one or more");
        Set<String> names = new HashSet<>();
        for (Arm arm : arms)
            if (!names.add(arm.name())) throw new BadInputException("arm " + arm.name() + " appears twice");
        table.forEach(Metric::of);
        for (Claim claim : claims) claim.check(names);
    }

    /** The same with a place, and with the runs of another where it names one. */
    Experiment at(Path place, Experiment runs) {
        return new Experiment(
                place,
                title,
                question,
                paper,
                runsOf,
                runs.base,
                runs.set,
                runs.seeds,
                runs.arms,
                charts,
                axis,
                table,
                claims,
                notes);
    }

    private static void required(String key, String value) {
        if (value == null || value.isBlank()) throw new BadInputException(key + ": missing or empty");
    }

    /** Its name: that of the file without the extension. */
    public String name() {
        return file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
    }

    /** Whether it states what a paper found; a sweep of the user's need not. */
    boolean hasPaper() {
        return paper.finding() != null && !paper.finding().isBlank();
    }

    /** A recipe that it names. */
    Path recipe(String relative) {
        return file.toAbsolutePath().getParent().resolve(relative).normalize();
    }
}
