package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rates are measured and can be given to a dry run; how large they are is no matter of a test. */
class PlanBenchTest {
    @Test
    void theRatesOfThisMachineAreKeysOfAConfig() throws IOException {
        Path recipe = Path.of(System.getProperty("tramontane.root")).resolve("conf/tiny.yaml");
        CommandLineRun run =
                CommandLineRun.of("bench", "plan", "--config", recipe, "--set", "rollout.slots=8", "--json");
        assertEquals(0, run.exit(), run.err());
        JsonNode rates = new ObjectMapper().readTree(run.out()).path("plan");
        for (String key : List.of("plan.flops", "plan.decodeFlops", "plan.memoryBandwidth", "secondsPerStep"))
            assertTrue(rates.path(key).doubleValue() > 0, key + ": " + rates);
        assertTrue(rates.path("plan.launchSeconds").doubleValue() >= 0, rates.toString());
        CommandLineRun plan = CommandLineRun.of(
                "train",
                "--dry-run",
                "--config",
                recipe,
                "--set",
                "plan.flops=" + rates.path("plan.flops").doubleValue());
        assertTrue(plan.out().contains(" s (roles side by side): trainer "), plan.out());
    }
}
