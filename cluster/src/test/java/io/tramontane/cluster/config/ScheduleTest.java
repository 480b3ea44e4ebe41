package io.tramontane.cluster.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleTest {
    /** Magistral Medium's rungs, a thousandth of them. */
    private static final String LADDER =
            """
            rollout: {maxTokens: 16, groupSize: 4}
            rewards: {maxLength: 16, lengthCache: 4}
            trainer: {batchSize: 8, minibatchSize: 8, steps: 100}
            schedule:
              - step: 40
                set:
                  rollout: {maxTokens: 24}
                  rewards.maxLength: 24
                  trainer: {batchSize: 4, minibatchSize: 4, optimizer: {learningRate: 2e-6}}
                  data.gym.levelWeights: [0, 1, 1]
              - step: 80
                set: {rollout.maxTokens: 32, rollout.groupSize: 2, trainer.loss.clipHigh: 0.26}
            """;

    @TempDir
    Path folder;

    @Test
    void aStepHasWhatTheStagesUpToItHaveSet() throws IOException {
        Config config = read(LADDER);
        assertEquals(Set.of(1, 40, 80), config.stages().keySet());
        assertEquals(
                List.of(16, 24, 24, 32),
                List.of(39, 40, 79, 80).stream()
                        .map(step -> config.at(step).rollout().maxTokens())
                        .toList());
        Config last = config.at(100);
        assertEquals(24, last.rewards().maxLength());
        assertEquals(4, last.trainer().batchSize());
        assertEquals(2e-6, last.trainer().optimizer().learningRate());
        assertEquals(0.26, last.trainer().loss().clipHigh());
        assertEquals(List.of(0.0, 1.0, 1.0), last.data().gym().levelWeights());
        assertEquals(List.of(), last.schedule());
        assertEquals(List.of(2, 1, 2), List.of(groups(config, 1), groups(config, 40), groups(config, 80)));
    }

    private static int groups(Config config, int step) {
        return config.at(step).groupsPerBatch();
    }

    @Test
    void withoutAScheduleAllStepsHaveTheSameTree() {
        assertEquals(Map.of(1, Config.defaults()), Config.defaults().stages());
        assertEquals(Config.defaults(), Config.defaults().at(7));
    }

    @Test
    void memoryIsPlannedForTheLongestAndTheVerifiersKnowAllLengths() throws IOException {
        Config config = read(LADDER);
        assertEquals(32, config.rolloutOfAllStages().maxTokens());
        assertEquals(4, config.rolloutOfAllStages().groupSize());
        assertEquals(16, config.rewardsOfAllStages().maxLengthAt(39));
        assertEquals(24, config.rewardsOfAllStages().maxLengthAt(40));
    }

    @Test
    void optimizerStepsAreThoseOfAllStages() throws IOException {
        String halves = LADDER.replace("minibatchSize: 8", "minibatchSize: 4");
        // 39 steps of two updates, 61 of one
        assertEquals(139, read(halves).updates());
        assertEquals(100, read(LADDER).updates());
        assertEquals(20, read(halves + "\ntrainer.steps: 10").updates()); // ends in the first stage
    }

    @Test
    void whatIsPrintedIsReadBackEqual() throws IOException {
        Config config = read(LADDER);
        String printed = ConfigReader.print(config);
        assertEquals(config, read(printed));
        String expected =
                """
                schedule:
                  - step: 40
                    set:
                      data.gym.levelWeights: [0, 1, 1]
                      rewards.maxLength: 24
                      rollout.maxTokens: 24
                      trainer.batchSize: 4
                      trainer.minibatchSize: 4
                      trainer.optimizer.learningRate: 2e-6
                  - step: 80
                    set:
                      rollout.groupSize: 2
                      rollout.maxTokens: 32
                      trainer.loss.clipHigh: 0.26
                """;
        assertEquals(expected, printed.substring(printed.indexOf("schedule:")));
    }

    @Test
    void aFlagTakesAScheduleAndTakesItAway() throws IOException {
        Config config = read(LADDER, "schedule=[{step: 3, set: {trainer.loss.clipHigh: 0.3}}]");
        assertEquals(List.of(new Stage(3, Map.of("trainer.loss.clipHigh", List.of("0.3")))), config.schedule());
        assertEquals(List.of(), read(LADDER, "schedule=[]").schedule());
    }

    @Test
    void theOlderLengthScheduleIsStagesOfTheSameKind() throws IOException {
        Config config = read("rewards: {maxLength: 16, lengthCache: 4, lengthSchedule: {30: {maxLength: 24}}}\n"
                + "schedule: [{step: 40, set: {rewards.maxLength: 32}}]\n");
        assertEquals(
                List.of(16, 24, 32),
                List.of(29, 30, 40).stream()
                        .map(step -> config.at(step).rewards().maxLength())
                        .toList());
        assertEquals(
                "schedule, stage of step 40: rewards.maxLength is set by rewards.lengthSchedule.40 as well, allowed in one"
                        + " of the two",
                refused("rewards: {lengthSchedule: {40: {maxLength: 500}}}\n"
                        + "schedule: [{step: 40, set: {rewards.maxLength: 32}}]\n"));
    }

    @Test
    void aLengthThatAnOlderScheduleRaisesMayBeReachedInALaterStage() throws IOException {
        String older = "rollout: {maxTokens: 16}\n"
                + "rewards: {maxLength: 16, lengthCache: 4, lengthSchedule: {40: {maxLength: 24}}}\n";
        assertEquals(
                "rewards.lengthSchedule.40.maxLength 24 > rollout.maxTokens 16: completions would be cut before they reach"
                        + " it",
                refused(older));
        read(older + "schedule: [{step: 40, set: {rollout.maxTokens: 24}}]\n");
    }

    @Test
    void whatCannotBeIsOneLineThatNamesTheStage() {
        assertEquals(
                "schedule, stage of step 40: unknown key rollout.maxtokens, did you mean rollout.maxTokens? Capitals count",
                refusedStage("rollout.maxtokens: 5"));
        assertEquals(
                "schedule, stage of step 40: rollout.slots cannot change in a run, allowed are data.gym.*, data.train,"
                        + " rewards.lengthCache, rewards.maxLength, rollout.groupSize, rollout.maxTokens,"
                        + " trainer.batchSize, trainer.loss.*, trainer.microbatchTokens, trainer.minibatchSize,"
                        + " trainer.optimizer.*",
                refusedStage("rollout.slots: 5"));
        assertEquals(
                "schedule, stage of step 40: trainer.batchSize 1000 must be a multiple of rollout.groupSize 16",
                refusedStage("trainer: {batchSize: 1000, minibatchSize: 1000}"));
        assertEquals(
                "schedule, stage of step 40: rollout.maxTokens is 'many', must be a whole number that fits int",
                refusedStage("rollout.maxTokens: many"));
        assertEquals(
                "schedule, stage of step 40: rewards.maxLength 2000 > rollout.maxTokens 1024: completions would be cut"
                        + " before they reach it",
                refusedStage("rewards.maxLength: 2000"));
        assertEquals(
                "schedule, stage of step 40: trainer.loss.clipHigh 0.1 is below the lower clip 0.2,"
                        + " allowed >= trainer.loss.clipLow, or 0 for the loss's own",
                refusedStage("trainer.loss.clipHigh: 0.1"));
        assertEquals("schedule, stage of step 40: sets nothing", refused("schedule: [{step: 40, set: {}}]"));
    }

    @Test
    void aLengthThatCompletionsNeverReachedBeforeAStageIsLeftAlone() throws IOException {
        String unreached = "rollout: {maxTokens: 50}\nrewards: {maxLength: 60, lengthCache: 4}\n";
        read(unreached + "schedule: [{step: 40, set: {rollout.maxTokens: 55}}]\n");
        assertEquals(
                "schedule, stage of step 40: rewards.maxLength 60 > rollout.maxTokens 55: completions would be cut before"
                        + " they reach it",
                refused(unreached.replace("50", "60") + "schedule: [{step: 40, set: {rollout.maxTokens: 55}}]\n"));
    }

    @Test
    void stepsOutOfOrderAndStagesWithoutAStepAreRefused() {
        String lower = "{trainer.loss.clipHigh: 0.3}";
        assertEquals(
                "schedule, stage of step 20: comes after that of step 40, allowed > 40",
                refused("schedule:\n  - {step: 40, set: " + lower + "}\n  - {step: 20, set: " + lower + "}\n"));
        assertEquals(
                "schedule, stage of step 1: allowed >= 2, what holds from step 1 on stands outside the schedule",
                refused("schedule: [{step: 1, set: " + lower + "}]"));
        assertEquals(
                "a stage of the schedule has no step: [{step: 40, set: {rollout.maxTokens: 2048}}]",
                refused("schedule: [{set: " + lower + "}]"));
        assertEquals(
                "a stage of the schedule has from, allowed are step and set: [{step: 40, set: {rollout.maxTokens: 2048}}]",
                refused("schedule: [{from: 3, set: " + lower + "}]"));
        assertEquals(
                "schedule is '40', must be a list of stages such as [{step: 40, set: {rollout.maxTokens: 2048}}]",
                refused("schedule: 40"));
        assertEquals("a list may hold plain values only", refused("data: {gym: {families: [{a: 1}]}}"));
    }

    @Test
    void theLineOfTheStageIsNamed() throws IOException {
        Path file = yaml("schedule:\n"
                + "  - step: 3\n"
                + "    set: {trainer.loss.clipHigh: 0.3}\n"
                + "  - step: 5\n"
                + "    set: {trainer.loss.clipHigh: 0.1}\n"
                + "trainer: {loss: {clipHigh: 0.28}}\n");
        assertEquals(
                file + ":4: schedule, stage of step 5: trainer.loss.clipHigh 0.1 is below the lower clip 0.2,"
                        + " allowed >= trainer.loss.clipLow, or 0 for the loss's own",
                assertThrows(
                                BadInputException.class,
                                () -> ConfigReader.read(Config.defaults(), Optional.of(file), List.of()))
                        .getMessage());
    }

    private String refusedStage(String set) {
        return refused("schedule: [{step: 40, set: {" + set + "}}]");
    }

    /** The complaint about a file, without the file's name and the line. */
    private String refused(String yaml) {
        return assertThrows(BadInputException.class, () -> read(yaml))
                .getMessage()
                .replaceFirst("^.*?\\.yaml(:\\d+)?: ", "");
    }

    private Config read(String yaml, String... sets) throws IOException {
        return ConfigReader.read(Config.defaults(), Optional.of(yaml(yaml)), List.of(sets));
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "config", ".yaml"), text);
    }
}
