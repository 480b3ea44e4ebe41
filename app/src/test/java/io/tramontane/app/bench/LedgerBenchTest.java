package io.tramontane.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerBenchTest {
    @Test
    void aThousandGroupsHaveARateAResumeAndWatchers() {
        List<String> lines = new ArrayList<>();
        new LedgerBench(new Findings("ledger", lines::add), 1_000, 20).run();
        assertEquals(11, lines.size(), lines.toString()); // five parts, resume and audit twice, two numbers of watchers
        assertTrue(lines.get(0).matches("groups 0 and on: [0-9.]+ groups/s"), lines.get(0));
        assertTrue(lines.get(10).matches("20 watchers: [0-9.]+ groups/s"), lines.get(10));
    }
}
