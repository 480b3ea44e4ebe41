package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WeightReportsTest {
    private final CountDownLatch go = new CountDownLatch(1);
    private final List<Integer> reported = new CopyOnWriteArrayList<>();

    private void report(int step) {
        try {
            go.await();
            reported.add(step);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theComputeThreadGoesOnWhileAStepIsReported() {
        try (WeightReports reports = new WeightReports()) {
            assertTrue(reports.isSettled());
            reports.begin(() -> report(1));
            assertFalse(reports.isSettled());
            assertEquals(List.of(), reported);
            go.countDown();
            reports.settle();
            assertTrue(reports.isSettled());
            assertEquals(List.of(1), reported);
        }
    }

    @Test
    void stepsAreReportedInTheirOrder() {
        try (WeightReports reports = new WeightReports()) {
            reports.begin(() -> report(1));
            go.countDown();
            reports.begin(() -> report(2)); // waits for the first
            assertEquals(1, reported.get(0));
            reports.settle();
            assertEquals(List.of(1, 2), reported);
        }
    }

    @Test
    void whatAReportThrowsIsThrownOnTheComputeThreadOnce() {
        BadInputException damaged = new BadInputException("step 1, made again, has other weights");
        try (WeightReports reports = new WeightReports()) {
            reports.begin(() -> {
                throw damaged;
            });
            assertSame(damaged, assertThrows(BadInputException.class, reports::settle));
            assertTrue(reports.isSettled());
        }
    }

    @Test
    void aReportUnderWayIsFinishedWhenTheNextStepFails() {
        WeightReports reports = new WeightReports();
        reports.begin(() -> report(1));
        go.countDown();
        reports.close();
        assertEquals(List.of(1), reported);
    }

    @Test
    void anInterruptedTaskDoesNotWait() {
        try (WeightReports reports = new WeightReports()) {
            reports.begin(() -> report(1));
            Thread.currentThread().interrupt();
            assertThrows(IllegalStateException.class, reports::settle);
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertEquals(List.of(), reported);
    }
}
