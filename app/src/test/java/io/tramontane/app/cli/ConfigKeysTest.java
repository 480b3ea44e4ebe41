package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.config.Config;
import io.tramontane.trainer.SftConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables and the page of the keys agree with the records. Run with TRAMONTANE_WRITE=1 it writes tables and page again. */
class ConfigKeysTest {
    private static final Path ROOT = Path.of(System.getProperty("tramontane.root"));

    private static final List<ConfigKey> TRAIN = ConfigKeyMaker.of(Config.defaults());
    private static final List<ConfigKey> SFT = ConfigKeyMaker.of(SftConfig.defaults());

    @Test
    void theTablesOfTheProgramAreThoseOfTheRecords() throws IOException {
        Committed.check(ROOT.resolve("app/src/main/resources/config/train.tsv"), table(TRAIN));
        Committed.check(ROOT.resolve("app/src/main/resources/config/sft.tsv"), table(SFT));
    }

    private static String table(List<ConfigKey> keys) {
        return keys.stream().map(key -> key.line() + "\n").collect(Collectors.joining());
    }

    @Test
    void thePageIsMadeOfTheTables() throws IOException {
        Committed.check(ROOT.resolve("docs/config.md"), ConfigPage.of(TRAIN, SFT));
    }

    @Test
    void everyKeyHasAMeaningAndEveryNumberItsLimits() {
        for (List<ConfigKey> tree : List.of(TRAIN, SFT))
            for (ConfigKey key : tree) {
                assertFalse(key.meaning().isEmpty(), key + " has no @param text");
                boolean number = key.type().endsWith("number") && !key.path().endsWith(">");
                if (number && !key.path().equals("seed"))
                    assertFalse(key.allowed().isEmpty(), key + " has no limits");
            }
    }

    @Test
    void whatIsAllowedIsWhatTheRecordsRefuse() {
        assertEquals(
                "(0, 1), or 0 for the loss's own",
                explained("trainer.loss.clipLow").allowed());
        assertEquals(
                ">= trainer.loss.clipLow, or 0 for the loss's own",
                explained("trainer.loss.clipHigh").allowed());
        assertEquals(
                ">= 0; training needs > 0", explained("rollout.temperature").allowed());
        assertEquals("auto, float32, bfloat16, int8", explained("rollout.dtype").allowed());
        assertEquals(
                "1 to 6 of them; each >= 0", explained("data.gym.levelWeights").allowed());
    }

    private static ConfigKey explained(String path) {
        return ConfigKeys.TRAIN.explained(path).get(0);
    }

    @Test
    void oneKeyIsExplained() {
        CommandLineRun run = CommandLineRun.of("config", "trainer.loss.clipHigh");
        assertEquals(0, run.exit(), run.err());
        assertEquals(
                """
                trainer.loss.clipHigh
                  meaning  offset above 1; 0 is the loss's own, 0.28 for magistral (paper: 0.26 to 0.28 for Medium, 0.3 for Small)
                  type     number
                  default  0.0
                  allowed  >= trainer.loss.clipLow, or 0 for the loss's own
                """,
                run.out());
    }

    @Test
    void aNameOfTheUsersOwnStandsForAnyName() {
        CommandLineRun run = CommandLineRun.of("config", "rewards.lengthSchedule.200.maxLength");
        assertTrue(run.out().startsWith("rewards.lengthSchedule.<name>.<name>\n"), run.out() + run.err());
    }

    @Test
    void withoutAKeyAllAreListedAndASectionListsItsOwn() {
        CommandLineRun all = CommandLineRun.of("config");
        assertEquals(0, all.exit(), all.err());
        assertTrue(all.out().startsWith("seed   "), all.out());
        assertTrue(all.out().contains("\ncluster.maxLag   "), all.out());
        CommandLineRun loss = CommandLineRun.of("config", "trainer.loss");
        assertTrue(loss.out().lines().toList().get(0).matches("trainer.loss.name +magistral"), loss.out());
        assertTrue(loss.out().lines().toList().get(1).matches("trainer.loss.advantage +auto"), loss.out());
        assertEquals(17, loss.out().lines().count(), loss.out());
        CommandLineRun sft = CommandLineRun.of("config", "--of", "sft", "traces.slipShare");
        assertTrue(sft.out().contains("default  0.06"), sft.out());
    }

    @Test
    void aWrongKeyIsAnsweredWithTheNearest() {
        assertEquals(
                "unknown key trainer.learningRate, did you mean trainer.optimizer.learningRate?",
                complaint("config", "trainer.learningRate"));
        assertEquals("unknown key Rollout, did you mean rollout?", complaint("config", "Rollout"));
    }
}
