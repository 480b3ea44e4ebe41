package io.tramontane.cluster.config;

import io.tramontane.data.BadInputException;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * From a step on, other values of some keys; what a stage does not name stays as it was.
 *
 * @param step the first step that has them, from 2 on
 * @param set values by path ({@code rollout.maxTokens}) as text; of a list the text of each item
 */
public record Stage(int step, Map<String, List<String>> set) implements Serializable {
    private static final String SET = "set.";
    private static final String LIKE = "[{step: 40, set: {rollout.maxTokens: 2048}}]";

    /** Checks that there is something to change. */
    public Stage {
        if (step < 2)
            throw new IllegalArgumentException(
                    named(step) + "allowed >= 2, what holds from step 1 on stands outside the schedule");
        if (set.isEmpty()) throw new IllegalArgumentException(named(step) + "sets nothing");
        Map<String, List<String>> sorted = new TreeMap<>();
        set.forEach((path, values) -> sorted.put(path, List.copyOf(values)));
        set = Collections.unmodifiableMap(sorted);
    }

    /** How messages about a stage begin. */
    static String named(int step) {
        return "schedule, stage of step " + step + ": ";
    }

    /** Reads the list of stages that a user gave. */
    static List<Stage> of(Setting schedule) {
        if (!schedule.isList() || !schedule.values().isEmpty())
            throw schedule.wrong("a list of stages such as " + LIKE);
        return schedule.sections().stream().map(Stage::ofSection).toList();
    }

    private static Stage ofSection(List<Setting> given) {
        Integer step = null;
        Map<String, List<String>> set = new TreeMap<>();
        for (Setting setting : given) {
            String path = setting.path();
            if (path.equals("step")) step = (Integer) ConfigReader.scalar(setting, int.class);
            else if (path.startsWith(SET) && setting.sections().isEmpty())
                set.put(path.substring(SET.length()), setting.values());
            else if (!path.equals("set") || !setting.isEmptySection())
                throw new BadInputException(setting.where() + ": a stage of the schedule has " + path
                        + ", allowed are step and set: " + LIKE);
        }
        String where = given.isEmpty() ? "schedule" : given.get(0).where();
        if (step == null) throw new BadInputException(where + ": a stage of the schedule has no step: " + LIKE);
        try {
            return new Stage(step, set);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(where + ": " + e.getMessage());
        }
    }

    /** The same without one of its values; it must have others. */
    Stage without(String path) {
        Map<String, List<String>> rest = new TreeMap<>(set);
        rest.remove(path);
        return new Stage(step, rest);
    }

    /** What it sets, for the tree of another config. */
    List<Setting> settings() {
        String where = named(step).replaceFirst(": $", "");
        return set.entrySet().stream()
                .map(e -> new Setting(e.getKey(), e.getValue(), e.getValue().size() != 1, where))
                .toList();
    }
}
