package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepNumericsTest {
    private static final Config CONFIG = Config.defaults();

    private static String with(String... sets) {
        return StepNumerics.of(ConfigReader.read(CONFIG, Optional.empty(), List.of(sets)), List.of("a processor"));
    }

    @Test
    void howLongTrainingGoesOnAndWhenItIsSavedChangesNoBit() {
        assertEquals(with(), with("trainer.steps=77", "trainer.checkpointEvery=3", "trainer.minutes=9"));
        assertEquals(with(), with("cluster.generators=2", "rollout.temperature=0.5"));
    }

    @Test
    void lossOptimizerRanksAndTheMachineDo() {
        assertNotEquals(with(), with("trainer.loss.clipHigh=0.5"));
        assertNotEquals(with(), with("trainer.optimizer.learningRate=0.5"));
        assertNotEquals(with(), with("trainer.microbatchTokens=4096"));
        assertNotEquals(with(), with("cluster.trainers=2"));
        assertNotEquals(with(), StepNumerics.of(CONFIG, List.of("another processor")));
    }
}
