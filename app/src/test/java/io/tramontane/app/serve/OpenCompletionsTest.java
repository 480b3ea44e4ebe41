package io.tramontane.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OpenCompletionsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final OpenCompletions open = new OpenCompletions(5);

    @Test
    void whatHasNoRoomIsNotCounted() {
        assertTrue(open.add(3));
        assertFalse(open.add(3));
        assertTrue(open.add(2));
        assertFalse(open.add(1));
        open.remove(4);
        assertEquals(1, open.count());
    }

    @Test
    void whoWaitsHearsOfEveryChange() throws Exception {
        assertTrue(open.add(2));
        CompletableFuture<Boolean> none = CompletableFuture.supplyAsync(() -> await(0));
        open.remove(1);
        open.remove(1);
        assertTrue(none.get(1, TimeUnit.MINUTES));
        assertFalse(open.await(count -> count == 1, Duration.ZERO));
    }

    @Test
    void afterItsEndNoneIsOpen() throws Exception {
        assertTrue(open.add(2));
        CompletableFuture<Boolean> none = CompletableFuture.supplyAsync(() -> await(0));
        open.close();
        assertTrue(none.get(1, TimeUnit.MINUTES));
        open.remove(2);
        assertEquals(0, open.count());
        assertFalse(open.add(1));
    }

    private boolean await(int count) {
        try {
            return open.await(found -> found == count, LONG);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
