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

/** A task's connection to the driver: who calls, with which deadline. Threads may share it. */
final class DriverLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriverLink.class);

    /** The driver answers within a second even when it has nothing; beyond this it is gone. */
    private static final Duration DEADLINE = Duration.ofSeconds(60);

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
        return driver.ask(call(phase), request, answer);
    }

    Sink.Memory fetch(String phase, Object request) {
        Sink.Memory sink = new Sink.Memory();
        driver.fetch(call(phase), request, sink);
        return sink;
    }

    void put(String phase, Object head, byte[] bytes) {
        driver.put(call(phase), Payload.of(head, bytes), Messages.Done.class);
    }

    private FlightPeer.Call call(String phase) {
        return new FlightPeer.Call(phase, version, DEADLINE);
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
