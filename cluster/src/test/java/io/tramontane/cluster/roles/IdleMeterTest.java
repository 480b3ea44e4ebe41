package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.roles.Messages.Pulse;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdleMeterTest {
    private long now = 1000;

    @Test
    void aWaitThatIsGoingOnCounts() {
        IdleMeter meter = new IdleMeter(() -> now);
        now = 1100;
        meter.waiting(() -> {
            now = 1130;
            assertEquals(new Pulse(30, 130), meter.pulse());
            now = 1140;
            return null;
        });
        now = 1200;
        assertEquals(new Pulse(40, 200), meter.pulse());
    }

    @Test
    void aRolesShareIsThatOfItsTasksSinceTheLastQuestion() {
        TaskRegistry tasks = new TaskRegistry();
        Holder first = new Holder("generator-0", 1);
        Holder second = new Holder("generator-1", 2);
        for (Holder holder : List.of(first, second)) tasks.hello(new Messages.Hello(holder, 1, "127.0.0.1"));
        tasks.pulse(first, new Pulse(10, 100));
        tasks.pulse(second, new Pulse(50, 100));
        assertEquals(0.3, tasks.idleShare("generator"), 1e-12); // 60 of 200
        tasks.pulse(first, new Pulse(20, 200));
        tasks.pulse(second, new Pulse(50, 200));
        assertEquals(0.05, tasks.idleShare("generator"), 1e-12); // 10 of 200
    }

    @Test
    void aReplacedTaskIsNotKnownAnyMore() {
        TaskRegistry tasks = new TaskRegistry();
        Holder old = new Holder("generator-0", 1);
        tasks.hello(new Messages.Hello(old, 1, "127.0.0.1"));
        tasks.swapped(old, 4);
        assertEquals(4, tasks.version(old));
        Holder again = new Holder("generator-0", 7);
        tasks.hello(new Messages.Hello(again, 2, "127.0.0.1"));
        assertEquals(-1, tasks.version(old));
        assertEquals(-1, tasks.version(again));
        assertEquals(List.of("generator-1"), tasks.missing("generator", 2));
    }
}
