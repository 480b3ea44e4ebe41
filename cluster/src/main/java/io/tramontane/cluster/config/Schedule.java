package io.tramontane.cluster.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A run that changes its numbers as it goes (paper section 5.2: completions of 16k, 24k and 32k tokens, batches of 8k, 4k
 * and 2k) is a function from steps to configs: the tree of a step has what the stages up to it have set. Every stage's
 * tree is made, and so checked, when the config is.
 */
final class Schedule {
    /** What a role can change between two steps. Everything else is laid out, opened or agreed on once. */
    private static final Set<String> CHANGEABLE = new TreeSet<>(Set.of(
            "data.gym.*",
            "data.train",
            "rewards.lengthCache",
            "rewards.maxLength",
            "rollout.groupSize",
            "rollout.maxTokens",
            "trainer.batchSize",
            "trainer.loss.*",
            "trainer.microbatchTokens",
            "trainer.minibatchSize",
            "trainer.optimizer.*"));

    private static final String LENGTHS = "rewards.lengthSchedule.";

    private final TreeMap<Integer, List<Setting>> changes = new TreeMap<>();

    /**
     * Reads what changes when.
     *
     * @param lengths {@code rewards.lengthSchedule}, the older way to write two of the keys
     */
    private Schedule(Map<String, Map<String, Integer>> lengths, List<Stage> stages) {
        int before = 0;
        for (Stage stage : stages) {
            if (stage.step() <= before)
                throw new IllegalArgumentException(
                        Stage.named(stage.step()) + "comes after that of step " + before + ", allowed > " + before);
            before = stage.step();
            List<Setting> settings = stage.settings();
            settings.forEach(Schedule::check);
            changes.put(stage.step(), new ArrayList<>(settings));
        }
        lengths.forEach((from, values) -> values.forEach((name, value) -> {
            String path = "rewards." + name;
            List<Setting> here = changes.computeIfAbsent(Integer.parseInt(from), step -> new ArrayList<>());
            if (here.stream().anyMatch(setting -> setting.path().equals(path)))
                throw new IllegalArgumentException(Stage.named(Integer.parseInt(from)) + path + " is set by " + LENGTHS
                        + from + " as well, allowed in one of the two");
            here.add(new Setting(path, List.of(String.valueOf(value)), false, LENGTHS + from));
        }));
    }

    private static void check(Setting setting) {
        Set<String> sections = new HashSet<>();
        Set<String> leaves = new HashSet<>();
        ConfigReader.collectPaths(Config.class, "", sections, leaves);
        setting.checkPath(sections, leaves);
        String path = setting.path();
        if (CHANGEABLE.stream().noneMatch(may -> may.equals(path) || inSection(path, may)))
            throw new IllegalArgumentException(setting.where() + ": " + path + " cannot change in a run, allowed are "
                    + String.join(", ", CHANGEABLE));
    }

    private static boolean inSection(String path, String may) {
        return may.endsWith(".*") && path.startsWith(may.substring(0, may.length() - 1));
    }

    /** The trees by their first step, the first of them at step 1; {@code base} has no schedule of any kind. */
    static NavigableMap<Integer, Config> stages(
            Config base, Map<String, Map<String, Integer>> lengths, List<Stage> stages) {
        TreeMap<Integer, Config> trees = new TreeMap<>(Map.of(1, base));
        new Schedule(lengths, stages).changes.forEach((step, settings) -> {
            Config before = trees.lastEntry().getValue();
            Config tree = ConfigReader.changed(before, settings);
            settings.forEach(setting -> checkReach(setting, before, tree));
            trees.put(step, tree);
        });
        return Collections.unmodifiableNavigableMap(trees);
    }

    /** What each stage sets, for a person. */
    static NavigableMap<Integer, String> texts(Map<String, Map<String, Integer>> lengths, List<Stage> stages) {
        TreeMap<Integer, String> texts = new TreeMap<>();
        new Schedule(lengths, stages)
                .changes.forEach((step, settings) -> texts.put(
                        step,
                        settings.stream()
                                .map(setting -> setting.path() + " "
                                        + (setting.isList()
                                                ? setting.values()
                                                : setting.values().get(0)))
                                .collect(Collectors.joining(", "))));
        return texts;
    }

    /** Completions must be able to reach a length that a stage sets, and still reach one that they could reach before it. */
    private static void checkReach(Setting setting, Config before, Config tree) {
        boolean judged = setting.path().equals("rewards.maxLength")
                || setting.path().equals("rollout.maxTokens") && reaches(before);
        if (!judged || reaches(tree)) return;
        int length = tree.rewards().maxLength();
        int tokens = tree.rollout().maxTokens();
        String named = setting.where().startsWith(LENGTHS)
                ? setting.where() + ".maxLength "
                : setting.where() + ": rewards.maxLength ";
        throw new IllegalArgumentException(
                named + length + " > rollout.maxTokens " + tokens + ": completions would be cut before they reach it");
    }

    private static boolean reaches(Config tree) {
        return tree.rewards().maxLength() <= tree.rollout().maxTokens();
    }
}
