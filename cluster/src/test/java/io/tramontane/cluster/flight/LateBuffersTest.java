package io.tramontane.cluster.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class LateBuffersTest {
    @Test
    void aBufferThatAnotherThreadStillHasIsWaitedFor() throws Exception {
        try (BufferAllocator root = new RootAllocator()) {
            BufferAllocator allocator = root.newChildAllocator("late", 0, Long.MAX_VALUE);
            ArrowBuf buffer = allocator.buffer(64);
            CountDownLatch closing = new CountDownLatch(1);
            Thread netty = new Thread(() -> {
                try {
                    closing.await();
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                buffer.close();
            });
            netty.start();
            closing.countDown();
            LateBuffers.close(allocator, Duration.ofMinutes(1));
            netty.join();
            assertEquals(0, root.getAllocatedMemory());
        }
    }

    @Test
    void aBufferThatNobodyGivesBackIsTold() {
        RootAllocator allocator = new RootAllocator();
        allocator.buffer(64);
        String message = assertThrows(
                        IllegalStateException.class, () -> LateBuffers.close(allocator, Duration.ofMillis(20)))
                .getMessage();
        assertEquals(
                "Memory was leaked by query. Memory leaked: (64)",
                message.lines().findFirst().orElseThrow());
    }
}
