package io.tramontane.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DaemonThreadsTest {
    @Test
    void aThreadHasItsNameAndDoesNotKeepTheProcessAlive() {
        Thread thread = DaemonThreads.named("ledger").newThread(() -> {});
        assertEquals("ledger", thread.getName());
        assertTrue(thread.isDaemon());
    }
}
