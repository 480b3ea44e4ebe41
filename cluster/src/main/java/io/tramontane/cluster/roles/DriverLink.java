package io.tramontane.cluster.roles;

import io.tramontane.cluster.flight.FlightPeer;
import io.tramontane.cluster.flight.Payload;
import io.tramontane.cluster.flight.Sink;
import io.tramontane.cluster.ledger.Holder;
import java.time.Duration;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task's connection to the driver: who calls, with which deadline. A call whose connection was lost is made again with the same
 * arguments: for the driver a call that comes twice is as one that comes once. Threads may share it.
 */
final class DriverLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriverLink.class);

    /** The driver answers a question within a second even when it has nothing. */
    private static final Duration ASK_DEADLINE = Duration.ofSeconds(20);

    /** Batches and groups may take longer. */
    private static final Duration BYTES_DEADLINE = Duration.ofSeconds(40);

    private static final Duration BEAT_DEADLINE = Duration.ofSeconds(5);

    /** A connection that is lost is made again; beyond this the driver is gone. */
    private static final Retry RETRY = new Retry(Duration.ofSeconds(15), Duration.ofMillis(500));

    private final BufferAllocator allocator = new RootAllocator();
    private final FlightPeer driver;
    private final Holder me;
    private volatile int version = -1;

    /** Connects and says hello. */
    DriverLink(RunPlan plan, Holder me) {
        this.me = me;
        this.driver = new FlightPeer(allocator, "driver", plan.driver(), plan.secret());
        ask(Messages.HELLO, new Messages.Hello(me, ProcessHandle.current().pid(), plan.host()), Messages.Done.class);
    }

    Holder me() {
        return me;
    }

    BufferAllocator allocator() {
        return allocator;
    }

    /** The policy version that errors name from now on. */
    void at(int policyVersion) {
        version = policyVersion;
    }

    <T> T ask(String phase, Object request, Class<T> answer) {
        return RETRY.run(() -> driver.ask(call(phase, ASK_DEADLINE), request, answer));
    }

    Sink.Memory fetch(String phase, Object request) {
        return RETRY.run(() -> {
            Sink.Memory sink = new Sink.Memory();
            driver.fetch(call(phase, BYTES_DEADLINE), request, sink);
            return sink;
        });
    }

    void put(String phase, Object head, byte[] bytes) {
        RETRY.run(() -> driver.put(call(phase, BYTES_DEADLINE), Payload.of(head, bytes), Messages.Done.class));
    }

    /** A heartbeat; it is tried once, since the next one follows. */
    void beat(Messages.Beat beat) {
        driver.ask(call(Messages.BEAT, BEAT_DEADLINE), beat, Messages.Done.class);
    }

    private FlightPeer.Call call(String phase, Duration deadline) {
        return new FlightPeer.Call(phase, version, deadline);
    }

    @Override
    public void close() {
        driver.close();
        try {
            allocator.close();
        } catch (IllegalStateException leftovers) {
            LOG.debug("{}: a call was still running when the link closed", me, leftovers);
        }
    }
}
