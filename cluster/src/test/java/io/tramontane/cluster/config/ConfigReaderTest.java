package io.tramontane.cluster.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.BadInputException;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.source.DataConfig;
import io.tramontane.rollout.OnSwap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
    @TempDir
    Path folder;

    @Test
    void noDefaultChangesUnseen() throws IOException {
        try (var committed = ConfigReaderTest.class.getResourceAsStream("/defaults.yaml")) {
            assertEquals(new String(committed.readAllBytes()), ConfigReader.print(Config.defaults()));
        }
    }

    @Test
    void aFileThatIsTooLongOrTooDeepIsRefused() throws IOException {
        assertRefused(
                "x: \"" + "y".repeat(1 << 17) + "\"\n", ":1: a line of 131077 characters, at most 131072 are allowed");
        assertRefused("# comment\n".repeat(110_000), ": is longer than 1048576 bytes, which is no config file");
        assertRefused(
                "a: " + "{a: ".repeat(100),
                ":1: not valid YAML: Document nesting depth (65) exceeds the maximum allowed");
    }

    private void assertRefused(String text, String message) throws IOException {
        Path file = yaml(text);
        BadInputException refused = assertThrows(
                BadInputException.class, () -> ConfigReader.read(Config.defaults(), Optional.of(file), List.of()));
        assertEquals(file + message, refused.getMessage().substring(0, (file + message).length()));
    }

    @Test
    void aSystemPromptThatNoTemplateWouldShowIsRefused() {
        for (String chat : List.of("model-system", "model-plain")) {
            DataConfig data = new DataConfig("gym", "gym", chat, "Think.", "today", GymConfig.defaults());
            Config defaults = Config.defaults();
            assertEquals(
                    "data.systemPrompt: data.chat " + chat
                            + " has no system prompt, allowed with tiny, magistral, model, model-tokens",
                    assertThrows(IllegalArgumentException.class, () -> defaults.with(data))
                            .getMessage());
        }
        DataConfig shown = new DataConfig("gym", "gym", "model", "Think.", "2026-01-31", GymConfig.defaults());
        assertEquals("Think.", Config.defaults().with(shown.dated()).data().systemPrompt());
    }

    @Test
    void flagsOverrideTheFileThatOverridesTheDefaults() throws IOException {
        Path file = yaml("trainer:\n  batchSize: 128\n  minibatchSize: 64\n  optimizer:\n    learningRate: 2e-4\n");
        Config config = ConfigReader.read(Config.defaults(), Optional.of(file), List.of("trainer.minibatchSize=128"));
        assertEquals(128, config.trainer().batchSize());
        assertEquals(128, config.trainer().minibatchSize());
        assertEquals(2e-4, config.trainer().optimizer().learningRate());
        assertEquals(Config.defaults().rollout(), config.rollout());
    }

    @Test
    void listsComeFromTheFileOrFromAFlagInBothForms() throws IOException {
        Path file = yaml("data:\n  gym:\n    levelWeights: [0.6, 1]\n");
        Config config = ConfigReader.read(Config.defaults(), Optional.of(file), List.of("data.gym.languages=fr,de"));
        assertEquals(List.of(0.6, 1.0), config.data().gym().levelWeights());
        assertEquals(List.of("fr", "de"), config.data().gym().languages());
        assertEquals(List.of("zh"), read("data.gym.languages=[zh]").data().gym().languages());
    }

    @Test
    void aMapTakesNamedEntriesOverItsDefaults() throws IOException {
        record Shares(Map<String, Double> shares) {}
        Shares defaults = new Shares(Map.of("fr", 0.1, "de", 0.2));
        Shares read = ConfigReader.read(
                defaults, Optional.of(yaml("shares:\n  fr: 0.5\n  zh: 1\n")), List.of("shares.de=0.3"));
        assertEquals(Map.of("fr", 0.5, "zh", 1.0, "de", 0.3), read.shares());
        assertEquals("shares:\n  de: 0.3\n  fr: 0.5\n  zh: 1.0\n", ConfigReader.print(read));
    }

    @Test
    void sectionsThatTheUserNamesAreMapsOfMaps() throws IOException {
        Path file = yaml("rollout: {maxTokens: 4000}\n"
                + "rewards:\n"
                + "  lengthSchedule:\n"
                + "    200: {maxLength: 3000, lengthCache: 500}\n"
                + "    30: {maxLength: 2000}\n"
                + "  extra:\n"
                + "    brevity: {class: com.example.ShortAnswer, weight: 0.2, words: 40}\n");
        Config config = ConfigReader.read(
                Config.defaults(),
                Optional.of(file),
                List.of("rewards.lengthSchedule.200.lengthCache=700", "rewards.extra.brevity.weight=0.3"));
        assertEquals(
                Map.of("30", Map.of("maxLength", 2000), "200", Map.of("maxLength", 3000, "lengthCache", 700)),
                config.rewards().lengthSchedule());
        assertEquals(
                Map.of("brevity", Map.of("class", "com.example.ShortAnswer", "weight", "0.3", "words", "40")),
                config.rewards().extra());
        assertEquals(
                config, ConfigReader.read(Config.defaults(), Optional.of(yaml(ConfigReader.print(config))), List.of()));
    }

    @Test
    void anotherRuleForSwapsIsRefusedWithThoseThatThereAre() {
        assertEquals(OnSwap.DRAIN, read("rollout.onSwap=drain").rollout().onSwap());
        assertEquals(
                "--set rollout.onSwap=discard: rollout.onSwap is 'discard', must be one of [keep, recompute, drain]",
                complaint(Optional.empty(), "rollout.onSwap=discard"));
    }

    @Test
    void rewardsThatCannotWorkAreRefusedWithTheirPlace() {
        assertEquals(
                "--set rewards.lengthSchedule.9.maxLength=1025: rewards.lengthSchedule.9.maxLength 1025 >"
                        + " rollout.maxTokens 1024: completions would be cut before they reach it",
                complaint(Optional.empty(), "rewards.lengthSchedule.9.maxLength=1025"));
        assertEquals(
                "--set rewards.languages=[en,ger]: rewards.languages ger: none of fastText's 176 languages; near it: de",
                complaint(Optional.empty(), "rewards.languages=[en,ger]"));
        assertEquals(
                "--set rewards.thinkTags=round: rewards.thinkTags is 'round', must be one of [chat, angle, square]",
                complaint(Optional.empty(), "rewards.thinkTags=round"));
        assertEquals(
                "--set rewards.extra.x.weight=2: rewards.extra.x.class is missing: the class that implements"
                        + " io.tramontane.rewards.Reward",
                complaint(Optional.empty(), "rewards.extra.x.weight=2"));
        assertEquals(
                "--set rewards.extra.x=2: rewards.extra.x is a section, not a value: its keys are rewards.extra.x.<name>",
                complaint(Optional.empty(), "rewards.extra.x=2"));
    }

    @Test
    void marksOfThoughtsThatThePromptDoesNotAskForAreRefused() {
        assertEquals(
                "--set rewards.thinkTags=square: rewards.thinkTags square, but data.chat magistral asks the policy for"
                        + " <think>: allowed chat, angle",
                complaint(Optional.empty(), "rewards.thinkTags=square"));
        assertEquals(
                "--set data.chat=model-tokens: rewards.thinkTags angle, but data.chat model-tokens asks the policy for"
                        + " [THINK]: allowed chat, square",
                complaint(Optional.empty(), "rewards.thinkTags=angle", "data.chat=model-tokens"));
        for (String tags : List.of("chat", "angle", "square")) {
            Config own = read("rewards.thinkTags=" + tags, "data.chat=model-plain");
            assertEquals(tags, own.rewards().thinkTags().toString());
        }
    }

    @Test
    void whatIsPrintedIsReadBackEqual() throws IOException {
        Config config = read("rewards.languages=[en,no]", "trainer.optimizer.learningRate=3e-7", "model=folder: x");
        assertEquals(
                config, ConfigReader.read(Config.defaults(), Optional.of(yaml(ConfigReader.print(config))), List.of()));
    }

    @Test
    void anUnknownKeyNamesFileLineAndTheNearestKey() throws IOException {
        Path file = yaml("seed: 4\ntrainer:\n  batchsise: 3\n");
        assertEquals(
                file + ":3: unknown key trainer.batchsise, did you mean trainer.batchSize?",
                complaint(Optional.of(file)));
    }

    @Test
    void aKeyInTheWrongSectionIsFound() {
        assertEquals(
                "--set trainer.clipHigh=1: unknown key trainer.clipHigh, did you mean trainer.loss.clipHigh?",
                complaint(Optional.empty(), "trainer.clipHigh=1"));
    }

    @Test
    void aValueOfTheWrongTypeNamesWhatIsAllowed() throws IOException {
        Path file = yaml("rollout:\n  slots: many\n");
        assertEquals(
                file + ":2: rollout.slots is 'many', must be a whole number that fits int",
                complaint(Optional.of(file)));
        assertEquals(
                "--set evaluation.forced=yes: evaluation.forced is 'yes', must be true or false",
                complaint(Optional.empty(), "evaluation.forced=yes"));
    }

    @Test
    void aNumberOutOfRangeNamesItsLine() throws IOException {
        Path file = yaml("rollout:\n  topP: 1\n  temperature: -2\n");
        assertEquals(file + ":3: rollout.temperature -2.0, allowed >= 0", complaint(Optional.of(file)));
    }

    @Test
    void aCheckOfTheWholeTreeNamesTheFlagThatBrokeIt() {
        assertEquals(
                "--set rollout.topP=0.5: rollout.topP 0.5, training needs 1",
                complaint(Optional.empty(), "rollout.topP=0.5"));
    }

    @Test
    void aSectionTakesNoValue() {
        assertEquals(
                "--set trainer.loss=1: trainer.loss is a section, not a value; its keys are trainer.loss.advantage,"
                        + " trainer.loss.aggregation, trainer.loss.clipHigh, trainer.loss.clipLow,"
                        + " trainer.loss.constantLength, trainer.loss.correction, trainer.loss.correctionHigh,"
                        + " trainer.loss.correctionLow, trainer.loss.entropyBonus, trainer.loss.klCoef,"
                        + " trainer.loss.klEstimator, trainer.loss.name, trainer.loss.options.<name>,"
                        + " trainer.loss.reference, trainer.loss.referenceDecay, trainer.loss.tauNegative,"
                        + " trainer.loss.tauPositive",
                complaint(Optional.empty(), "trainer.loss=1"));
    }

    @Test
    void brokenYamlARepeatedKeyAndAMissingFileAreOneLineEach() throws IOException {
        Path broken = yaml("seed: 1\ntrainer: [1\n");
        assertEquals(
                broken + ":2: not valid YAML: while parsing a flow sequence, expected ',' or ']', but got <stream end>",
                complaint(Optional.of(broken)));
        Path twice = yaml("seed: 1\nseed: 2\n");
        assertEquals(twice + ":2: not valid YAML: Duplicate field 'seed'", complaint(Optional.of(twice)));
        Path missing = folder.resolve("missing.yaml");
        assertEquals(missing + ": no such file", complaint(Optional.of(missing)));
    }

    @Test
    void editDistanceCountsReplacedInsertedAndDeletedLetters() {
        assertEquals(3, Nearest.distance("kitten", "sitting"));
        assertEquals(0, Nearest.distance("clipHIGH", "clipHigh"));
        assertEquals(4, Nearest.distance("", "abcd"));
    }

    private Config read(String... sets) {
        return ConfigReader.read(Config.defaults(), Optional.empty(), List.of(sets));
    }

    private String complaint(Optional<Path> file, String... sets) {
        return assertThrows(BadInputException.class, () -> ConfigReader.read(Config.defaults(), file, List.of(sets)))
                .getMessage();
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "config", ".yaml"), text);
    }

    @Test
    void theBestCheckpointNeedsEvaluationsOfWhatIsSaved() {
        assertEquals(
                "--set trainer.keepBestCheckpoint=true: trainer.keepBestCheckpoint true with evaluation.problems 0:"
                        + " nothing says which is the best",
                refused("evaluation.problems=0", "trainer.keepBestCheckpoint=true"));
        assertEquals(
                "--set trainer.keepBestCheckpoint=true: trainer.keepBestCheckpoint true with evaluation.everySteps 50:"
                        + " allowed are multiples of trainer.checkpointEvery 20, so that every evaluated step has a checkpoint",
                refused("trainer.checkpointEvery=20", "trainer.keepBestCheckpoint=true"));
    }

    private static String refused(String... sets) {
        return assertThrows(
                        BadInputException.class,
                        () -> ConfigReader.read(Config.defaults(), Optional.empty(), List.of(sets)))
                .getMessage();
    }
}
