package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ListenerQueueTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

    private static String when(CountDownLatch latch) {
        try {
            assertTrue(latch.await(LONG.toSeconds(), TimeUnit.SECONDS), "never released");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return "statistics";
    }

    @Test
    void whatTakesLongToComputeDelaysNoOtherCall() {
        CountDownLatch release = new CountDownLatch(1);
        try (ListenerQueue listeners = new ListenerQueue(null, failures::add)) {
            listeners.computeThenPost(() -> when(release), (l, found) -> told.add(found));
            listeners.postAndWait(l -> told.add("step"));
            assertEquals(List.of("step"), List.copyOf(told));
            release.countDown();
            assertTrue(listeners.awaitComputed(LONG));
            listeners.postAndWait(l -> told.add("end"));
        }
        assertEquals(List.of("step", "statistics", "end"), told);
        assertEquals(List.of(), failures);
    }

    @Test
    void waitingForStatisticsEndsAfterItsTime() {
        CountDownLatch never = new CountDownLatch(1);
        try (ListenerQueue listeners = new ListenerQueue(null, failures::add)) {
            listeners.computeThenPost(() -> when(never), (l, found) -> told.add(found));
            assertFalse(listeners.awaitComputed(Duration.ofMillis(50)));
        }
    }

    @Test
    void whatCannotBeComputedIsAFailureOfTheRun() {
        IllegalStateException broken = new IllegalStateException("broken");
        try (ListenerQueue listeners = new ListenerQueue(null, failures::add)) {
            listeners.computeThenPost(
                    () -> {
                        throw broken;
                    },
                    (l, found) -> told.add("never"));
            assertTrue(listeners.awaitComputed(LONG));
        }
        assertEquals(List.of(broken), failures);
        assertEquals(List.of(), told);
    }

    @Test
    void whoPostsTooMuchWaits() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch posted = new CountDownLatch(1);
        try (ListenerQueue listeners = new ListenerQueue(null, failures::add)) {
            listeners.post(l -> when(release));
            for (int i = 1; i < ListenerQueue.ROOM; i++) listeners.post(l -> {});
            Thread last = new Thread(() -> {
                listeners.post(l -> told.add("last"));
                posted.countDown();
            });
            last.start();
            assertFalse(posted.await(50, TimeUnit.MILLISECONDS));
            release.countDown();
            assertTrue(posted.await(LONG.toSeconds(), TimeUnit.SECONDS));
            last.join();
        }
        assertEquals(List.of("last"), told);
    }

    @Test
    void aListenerThatDoesNotReturnFailsTheRunInsteadOfStoppingIt() {
        CountDownLatch release = new CountDownLatch(1);
        try (ListenerQueue listeners = new ListenerQueue(null, failures::add, Duration.ofMillis(50))) {
            listeners.post(l -> when(release));
            listeners.postAndWait(l -> told.add("late"));
            assertEquals(1, failures.size());
            for (int i = 2; i < ListenerQueue.ROOM; i++) listeners.post(l -> {});
            listeners.post(l -> told.add("left out"));
            assertEquals(2, failures.size());
            assertTrue(failures.get(1).getMessage().contains("does not return"), failures.toString());
            release.countDown();
        }
        assertEquals(List.of("late"), told);
    }
}
