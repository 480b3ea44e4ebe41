package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.flight.Secret;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.PolicyConfig;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RunPlanTest {
    private static final PolicyConfig TINY = new PolicyConfig(1, 8, 2, 1, 4, 16, 64, 32, 10_000, 1e-5, true, 0);

    private static RunPlan plan(ComputeDevice device) {
        return new RunPlan(Config.defaults(), TINY, new ScriptedRoles(device), null, Secret.create(), "a", "run");
    }

    @Test
    void aTrainerRankIsOnTheDeviceOfItsRoles() {
        assertEquals(OptionalInt.empty(), plan(ComputeDevice.CPU).ranks(0).gpu());
        RunPlan local = plan(ComputeDevice.gpu(3)).on("b");
        assertEquals(OptionalInt.of(3), local.ranks(0).gpu());
        assertEquals("b", local.ranks(0).host());
    }
}
