package io.tramontane.cluster.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
            CountDownLatch asked = new CountDownLatch(1);
            Thread netty = new Thread(() -> {
                try {
                    if (asked.await(1, TimeUnit.MINUTES)) buffer.close();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            netty.start();
            LateBuffers.close(telling(allocator, asked), Duration.ofMinutes(2));
            netty.join(60_000);
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

    /** The same allocator; says when somebody asks what is left in it. */
    private static BufferAllocator telling(BufferAllocator allocator, CountDownLatch asked) {
        return (BufferAllocator) Proxy.newProxyInstance(
                BufferAllocator.class.getClassLoader(),
                new Class<?>[] {BufferAllocator.class},
                (proxy, method, given) -> {
                    Object answer = method.invoke(allocator, given);
                    if (method.getName().equals("getAllocatedMemory")) asked.countDown();
                    return answer;
                });
    }
}
