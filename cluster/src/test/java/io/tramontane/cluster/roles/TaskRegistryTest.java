package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.ledger.Holder;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskRegistryTest {
    private static final Holder OLD = new Holder("generator-0", 3);
    private static final Holder NEW = new Holder("generator-0", 5);

    private final TaskRegistry tasks = new TaskRegistry();

    private void hello(Holder holder) {
        tasks.hello(new Messages.Hello(holder, 7, "127.0.0.1"));
    }

    @Test
    void aLateHelloOfAnOlderAttemptIsRefusedAndTheNewerOneStays() {
        hello(NEW);
        tasks.swapped(NEW, 4);
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> hello(OLD));
        assertEquals("generator-0#3 was replaced by a newer attempt", refused.getMessage());
        assertTrue(tasks.knows(NEW));
        assertFalse(tasks.knows(OLD));
        assertEquals(4, tasks.version(NEW));
    }

    @Test
    void aHelloThatIsSentTwiceChangesNothing() {
        hello(NEW);
        tasks.swapped(NEW, 4);
        hello(NEW);
        assertEquals(4, tasks.version(NEW));
    }

    @Test
    void aTaskThatIsGoneIsMissingAndNotHeardAnyMore() {
        hello(OLD);
        assertEquals(4, tasks.gone("generator-0"));
        assertEquals(List.of("generator-0"), tasks.missing(TaskRegistry.GENERATOR, 1));
        assertFalse(tasks.knows(OLD));
        assertThrows(IllegalStateException.class, () -> hello(OLD));
        assertEquals(4, tasks.gone("generator-0")); // the next one went before it said hello
        hello(NEW);
        assertTrue(tasks.knows(NEW));
    }

    @Test
    void whatATaskHasDoneIsCountedOverItsAttempts() {
        hello(OLD);
        tasks.swapped(OLD, 2); // its first weights are no progress
        assertEquals(0, tasks.done("generator-0"));
        tasks.done(OLD);
        hello(NEW);
        tasks.done(OLD); // not heard any more
        tasks.swapped(NEW, 2);
        assertEquals(1, tasks.done("generator-0"));
        tasks.swapped(NEW, 3);
        assertEquals(2, tasks.done("generator-0"));
    }

    @Test
    void aGroupThatIsSetAsideIsNoFailureOfItsTaskOnceBetweenTwoThatItFinishes() {
        hello(OLD);
        tasks.relieved("generator-0");
        assertEquals(1, tasks.done("generator-0"));
        tasks.relieved("generator-0"); // it ends with every group, as it seems
        assertEquals(1, tasks.done("generator-0"));
        tasks.done(OLD);
        tasks.relieved("generator-0");
        assertEquals(3, tasks.done("generator-0"));
    }
}
