package io.tramontane.rewards;

import java.util.Map;
import java.util.TreeMap;

/**
 * The length penalty whose two numbers the run raises in stages (paper section 5.2: l_max - l_cache from 16k over 24k to
 * 32k). A group has the stage of the step that it was sampled for, which is one above the policy's version when its
 * first token was drawn: the same for all of its completions, and the same whenever it is scored again.
 */
final class LengthSchedule implements Reward {
    private final TreeMap<Integer, LengthPenalty> stages = new TreeMap<>();

    /**
     * The stages.
     *
     * @param first in force before the first stage
     * @param schedule by the step from which it is in force: maxLength, lengthCache or both; what is left out stays
     */
    LengthSchedule(LengthPenalty first, Map<String, Map<String, Integer>> schedule) {
        TreeMap<Integer, Map<String, Integer>> bySteps = new TreeMap<>();
        schedule.forEach((from, stage) -> bySteps.put(step(from), stage));
        stages.put(Integer.MIN_VALUE, checked("rewards", first));
        for (Map.Entry<Integer, Map<String, Integer>> stage : bySteps.entrySet()) {
            LengthPenalty before = stages.lastEntry().getValue();
            stages.put(stage.getKey(), checked(key(stage.getKey()), next(stage.getKey(), before, stage.getValue())));
        }
    }

    private static LengthPenalty next(int from, LengthPenalty before, Map<String, Integer> stage) {
        for (String name : stage.keySet())
            if (!name.equals("maxLength") && !name.equals("lengthCache"))
                throw new IllegalArgumentException(key(from) + "." + name + ": allowed maxLength and lengthCache");
        return new LengthPenalty(
                stage.getOrDefault("maxLength", before.maxLength()),
                stage.getOrDefault("lengthCache", before.lengthCache()),
                before.weight());
    }

    private static int step(String from) {
        if (!from.matches("[1-9][0-9]{0,8}"))
            throw new IllegalArgumentException("rewards.lengthSchedule." + from + ": the key is a step, allowed >= 1");
        return Integer.parseInt(from);
    }

    private static String key(int from) {
        return "rewards.lengthSchedule." + from;
    }

    private static LengthPenalty checked(String key, LengthPenalty penalty) {
        if (penalty.maxLength() < 1)
            throw new IllegalArgumentException(key + ".maxLength " + penalty.maxLength() + ", allowed >= 1");
        if (penalty.lengthCache() < 1 || penalty.lengthCache() > penalty.maxLength())
            throw new IllegalArgumentException(
                    key + ".lengthCache " + penalty.lengthCache() + ", allowed 1 to " + penalty.maxLength());
        return penalty;
    }

    /** What is in force for groups that are sampled for this step. */
    LengthPenalty at(int step) {
        return stages.floorEntry(step).getValue();
    }

    /** The first step of each stage; the first stage starts at 1. */
    TreeMap<Integer, LengthPenalty> stages() {
        TreeMap<Integer, LengthPenalty> named = new TreeMap<>(stages);
        named.putIfAbsent(1, named.firstEntry().getValue());
        named.remove(Integer.MIN_VALUE);
        return named;
    }

    @Override
    public double of(Judged judged) {
        return at(judged.step()).of(judged.text().tokens());
    }
}
