package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.model.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs with three trainer ranks, some of which are killed or stopped. */
@Tag("cluster")
class RankChaosTest {
    private static final int STEPS = 10;
    private static final String MASTER = "local-cluster[5,1,1024]";

    @TempDir
    Path folder;

    /** The driver's process; {@code args} are the scratch folder, and settings of the config. */
    static final class DriverProcess {
        public static void main(String[] args) {
            Path scratch = Path.of(args[0]);
            List<String> sets = Arrays.asList(args).subList(1, args.length);
            Config config = ConfigReader.read(TinyRun.config(STEPS, 2, 4), Optional.empty(), sets);
            TinyRun told = new TinyRun();
            int code = 1;
            try {
                code = TrainRun.run(
                        config, new RunFolder(scratch.resolve("run")), false, MASTER, told.setup(config, scratch));
            } catch (Throwable e) {
                e.printStackTrace();
            }
            told.messages.forEach(System.out::println);
            System.exit(code);
        }
    }

    private RunProcess start(Object... sets) throws IOException {
        Object[] all = Arrays.copyOf(sets, sets.length + 1);
        all[sets.length] = "cluster.trainers=3";
        return RunProcess.start(DriverProcess.class, folder, all);
    }

    private void signal(String signal, int rank) throws IOException, InterruptedException {
        String pid = Files.readString(folder.resolve("trainer-" + rank + ".pid"));
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor(), "rank " + rank + " " + pid);
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("driver.log"));
    }

    private void everyGroupIsTrainedOnce() throws IOException {
        Audit audit = Audit.of(RunProcess.events(folder));
        assertTrue(audit.exact(), audit.toString());
        assertEquals(STEPS * 2L, audit.trained(), log());
        assertTrue(log().contains("the trainer failed and starts again from its last checkpoint"), log());
        assertTrue(log().contains(" s after the failure"), log());
    }

    @Test
    void theLedgerIsExactAfterOneRankAndThenTwoWereKilled() throws Exception {
        killRanks(Shard.FULL);
    }

    @Tag("heavy")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FULL")
    void soItIsWhateverTheyDivide(Shard shard) throws Exception {
        killRanks(shard);
    }

    private void killRanks(Shard shard) throws Exception {
        try (RunProcess driver = start("trainer.shard=" + shard)) {
            driver.awaitStep(3);
            signal("KILL", 1);
            driver.awaitStep(6);
            signal("KILL", 0);
            signal("KILL", 2);
            driver.awaitEnd();
        }
        everyGroupIsTrainedOnce();
    }

    @Tag("heavy")
    @Test
    void aRankThatIsStoppedIsNamedAndReplaced() throws Exception {
        try (RunProcess driver = start("trainer.shard=full", "cluster.rankSeconds=3", "cluster.stallSeconds=300")) {
            driver.awaitStep(5);
            signal("STOP", 1);
            driver.awaitEnd();
        }
        everyGroupIsTrainedOnce();
        assertTrue(log().contains(": rank 1 ("), log());
        assertTrue(log().contains("no sign of life for 3 s (cluster.rankSeconds)"), log());
    }
}
