package io.tramontane.cluster.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.Master;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskRunnerTest {
    private static final long SECONDS = 60;

    /** Static, since Spark's tasks are copies; they run in this process. */
    private static CountDownLatch tenth;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void linesComeInTheOrderOfTheItems(boolean spark) throws Exception {
        tenth = new CountDownLatch(1);
        try (TaskRunner tasks = runner(spark)) {
            TaskRunner.Shared<String> word = tasks.share("item ");
            List<Integer> items = IntStream.range(0, 20).boxed().toList();
            List<String> lines = tasks.start(items, item -> {
                        if (item == 0) await(tenth); // so it ends after ten others
                        if (item == 10) tenth.countDown();
                        return item == 5 ? List.of() : List.of(word.get() + item);
                    })
                    .get(SECONDS, TimeUnit.SECONDS);
            assertEquals(
                    items.stream().filter(i -> i != 5).map(i -> "item " + i).toList(), lines);
            assertEquals(19, tasks.finished());
            assertEquals(2, tasks.parallelism());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFailureEndsThePartAndSaysWhy(boolean spark) {
        try (TaskRunner tasks = runner(spark)) {
            var lines = tasks.start(List.of(1, 2, 3, 4), item -> {
                if (item == 1) throw new IllegalStateException("no item 1");
                return List.of("x");
            });
            var failure = assertThrows(ExecutionException.class, () -> lines.get(SECONDS, TimeUnit.SECONDS));
            assertTrue(failure.getCause().getMessage().contains("no item 1"), failure.toString());
        }
    }

    @Test
    void aFailureIsToldWhileOtherThreadsStillWork() {
        CountDownLatch end = new CountDownLatch(1);
        try (TaskRunner tasks = new ThreadTasks(2)) {
            var lines = tasks.start(List.of(1, 2), item -> {
                if (item == 2) throw new IllegalStateException("no item 2");
                return await(end);
            });
            assertThrows(ExecutionException.class, () -> lines.get(SECONDS, TimeUnit.SECONDS));
            assertEquals(1, end.getCount());
            end.countDown();
        }
    }

    @Test
    void closingInterruptsWhatIsUnderWay() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (TaskRunner tasks = new ThreadTasks(1)) {
            tasks.start(List.of(1), item -> {
                begun.countDown();
                try {
                    new CountDownLatch(1).await(SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
                return List.of();
            });
            assertTrue(begun.await(SECONDS, TimeUnit.SECONDS));
        }
        assertEquals(0, interrupted.getCount());
    }

    @Test
    void onlyAMasterInThisProcessDoesWithoutSpark() {
        try (TaskRunner tasks = TaskRunner.of("test", "local[3]")) {
            assertInstanceOf(ThreadTasks.class, tasks);
            assertEquals(3, tasks.parallelism());
        }
    }

    private static TaskRunner runner(boolean spark) {
        return spark ? new SparkTasks("test", Master.of("local[2]")) : new ThreadTasks(2);
    }

    private static List<String> await(CountDownLatch end) {
        try {
            assertTrue(end.await(SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return List.of();
    }
}
