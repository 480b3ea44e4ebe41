package io.tramontane.cluster.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.trainer.loss.CorrectionRule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run does about int8 generators. */
class Int8ConfigTest {
    private static Config config(String... settings) {
        return ConfigReader.read(Config.defaults(), Optional.empty(), List.of(settings));
    }

    @ParameterizedTest
    @CsvSource({
        "float32, auto, NONE",
        "bfloat16, auto, NONE",
        "int8, auto, TIS",
        "int8, none, NONE",
        "int8, icepop, ICEPOP",
        "float32, tis, TIS"
    })
    void withInt8ImportanceIsCorrectedUnlessTheConfigSaysOtherwise(String dtype, String rule, CorrectionRule expected) {
        Config config = config("rollout.dtype=" + dtype, "trainer.loss.correction=" + rule);
        assertEquals(expected, config.trainerOfRun().loss().correction());
        assertEquals(expected, config.correctedLoss().correction());
    }

    @Test
    void itsMismatchMayBeFiftyTimesAsLarge() {
        assertEquals(0.001, config().mismatchLimit());
        assertEquals(0.001, config("rollout.dtype=bfloat16").mismatchLimit());
        assertEquals(0.05, config("rollout.dtype=int8").mismatchLimit(), 1e-12);
        assertEquals(
                0.1, config("rollout.dtype=int8", "cluster.maxMismatchKl=0.002").mismatchLimit(), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({
        "1e-6, rollout.dtype=auto, trainer.dtype=auto, cluster.device=cpu",
        "1e-6, rollout.dtype=float32, trainer.dtype=float32, cluster.device=gpu",
        "5e-4, rollout.dtype=auto, trainer.dtype=float32, cluster.device=gpu",
        "5e-4, rollout.dtype=bfloat16, trainer.dtype=auto, cluster.device=cpu",
        "5e-4, rollout.dtype=float32, trainer.dtype=bfloat16, cluster.device=cpu",
        "2e-2, rollout.dtype=int8, trainer.dtype=bfloat16, cluster.device=cpu"
    })
    void theMismatchThatIsNormalFollowsTheDtypes(double expected, String generator, String trainer, String device) {
        assertEquals(expected, config(generator, trainer, device).expectedMismatch());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trainer.dtype=int8",
                "trainer.optimizer.moments=int8",
                "rollout.batchInvariant=true",
                "cluster.device=gpu"
            })
    void nothingButAGeneratorOnACpuTakesIt(String setting) {
        String said = assertThrows(BadInputException.class, () -> config("rollout.dtype=int8", setting))
                .getMessage();
        assertTrue(said.contains("int8"), said);
    }
}
