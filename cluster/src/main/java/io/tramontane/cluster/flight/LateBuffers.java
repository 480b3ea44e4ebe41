package io.tramontane.cluster.flight;

import java.time.Duration;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Closes what counts a connection's memory. Netty's threads give the buffers of a cancelled call back when they come to it, which may
 * be after gRPC has said that its server or channel is terminated.
 */
final class LateBuffers {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private LateBuffers() {}

    /** Closes an allocator as soon as all of its memory is given back. */
    static void close(BufferAllocator allocator) throws InterruptedException {
        close(allocator, DEADLINE);
    }

    /** The same; throws IllegalStateException if some memory is not given back within the deadline. */
    static void close(BufferAllocator allocator, Duration deadline) throws InterruptedException {
        long start = System.nanoTime();
        while (allocator.getAllocatedMemory() > 0 && System.nanoTime() - start < deadline.toNanos()) Thread.sleep(1);
        allocator.close();
    }
}
