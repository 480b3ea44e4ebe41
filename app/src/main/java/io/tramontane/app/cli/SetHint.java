package io.tramontane.app.cli;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.trainer.SftConfig;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Hints for config values that were given as options: {@code --steps 5} is {@code --set trainer.steps=5}. */
final class SetHint {
    private static final Map<String, Class<?>> TREES = Map.of(
            "train", Config.class,
            "sft", SftConfig.class,
            "score", RewardConfig.class,
            "evaluate", RewardConfig.class,
            "tests", RewardConfig.class);
    private static final int MOST = 3;

    private SetHint() {}

    /**
     * The --set options that fit the unknown words; empty where no value has that name.
     *
     * @param command its name
     * @param unmatched words that the command does not know
     */
    static String of(String command, List<String> unmatched) {
        Class<?> tree = TREES.get(command);
        if (tree == null || unmatched.isEmpty()) return "";
        String[] parts = unmatched.get(0).split("=", 2);
        boolean hasValue = unmatched.size() > 1 && !unmatched.get(1).startsWith("--");
        String value = parts.length > 1 ? parts[1] : hasValue ? unmatched.get(1) : "VALUE";
        String given = plain(parts[0]);
        Set<String> leaves = ConfigReader.leaves(tree);
        List<String> meant = leaves.stream()
                .filter(leaf -> plain(leaf).equals(given) || plain(last(leaf)).equals(given))
                .sorted()
                .limit(MOST)
                .toList();
        if (meant.isEmpty()) return "";
        return "; a value of the config is set by "
                + meant.stream().map(leaf -> "--set " + leaf + "=" + value).collect(Collectors.joining(" or "));
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** --batch-size, --batch_size and batchSize are the same. */
    private static String plain(String name) {
        return name.replaceAll("[-_.]", "").toLowerCase(Locale.ROOT);
    }
}
