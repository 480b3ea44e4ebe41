package io.tramontane.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.model.PolicyConfig;
import org.junit.jupiter.api.Test;

class CachePlanTest {
    private static final PolicyConfig SMOLLM2 =
            new PolicyConfig(30, 576, 9, 3, 64, 1536, 49152, 8192, 100_000, 1e-5, true, 0);

    @Test
    void bytesAreKeysAndValuesOfAllLayersAndSlots() {
        CachePlan plan = CachePlan.of(SMOLLM2, new RolloutConfig(2, 32, 4, 200, 300, 1, 1));
        assertEquals(2 * 30 * 3 * 64 * 4, plan.bytesPerPosition());
        assertEquals(46_080L * 504, plan.slotBytes()); // 200 + 300 + 4
        assertEquals(
                "KV cache 743.2 MB: 46,080 bytes a position x 504 positions x 32 slots", plan.text()); // 743,178,240
    }

    @Test
    void slotsAreThoseThatFit() {
        CachePlan plan = new CachePlan(10, 8, 100); // a slot takes 1,000 bytes
        assertEquals(8, plan.within(8_000).slots());
        assertEquals(7, plan.within(7_999).slots());
        assertEquals(0, plan.within(999).slots());
        assertEquals(0, plan.within(-5_000).slots());
    }

    @Test
    void sharedPositionsAreWhatTheCacheHas() {
        RolloutConfig config = new RolloutConfig(2, 32, 4, 200, 300, 1, 1).withCacheTokens(4000);
        CachePlan plan = CachePlan.of(SMOLLM2, config);
        assertEquals(46_080L * 4000, plan.totalBytes());
        assertEquals(
                "KV cache 184.3 MB: 46,080 bytes a position x 4,000 positions for 32 slots of at most 504",
                plan.text());
        assertEquals(plan, plan.within(184_320_000));
        assertEquals(7, plan.within(184_319_999).slots()); // 23,224,320 each
        assertEquals(0, CachePlan.of(SMOLLM2, config.withCacheTokens(504 * 32)).shared()); // the usual layout
    }
}
