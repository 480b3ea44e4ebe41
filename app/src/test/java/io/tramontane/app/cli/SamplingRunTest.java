package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.app.RandomModel;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.GroupRequest;
import io.tramontane.rollout.RolloutConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplingRunTest {
    private static final int GROUPS = 400;
    private static final Problem PROBLEM = Problem.math("p", "en", "?", "1", Map.of());

    @TempDir
    Path folder;

    private final AtomicInteger open = new AtomicInteger();
    private final CountDownLatch failed = new CountDownLatch(1);

    /** Ids without text. */
    private final class Counted implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return new int[0];
        }

        @Override
        public String decode(int[] tokens) {
            return "";
        }

        @Override
        public int vocabularySize() {
            return RandomModel.SHAPE.vocabulary();
        }

        @Override
        public int endOfText() {
            return 1;
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }

    /** The second worker's own fails; the first one begins only then. */
    private Tokenizer tokenizer() {
        if (open.incrementAndGet() == 2) {
            open.decrementAndGet();
            failed.countDown();
            throw new IllegalStateException("the second worker is ill");
        }
        try {
            assertTrue(failed.await(1, TimeUnit.MINUTES));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new Counted();
    }

    @Test
    void aWorkerThatFailsEndsTheOthersToo() {
        List<GroupRequest> requests = IntStream.range(0, GROUPS)
                .mapToObj(i -> new GroupRequest(i, PROBLEM, new int[] {5, 6}, new int[0], 1, false))
                .toList();
        SamplingRun sampling = new SamplingRun(
                Checkpoint.read(RandomModel.in(folder), 0),
                this::tokenizer,
                new RolloutConfig(2, 1, 1, 2, 64, 1, 1),
                1,
                2,
                1);
        Queue<Group> done = new ConcurrentLinkedQueue<>();
        String message = assertThrows(IllegalStateException.class, () -> sampling.run(requests, null, done::add))
                .getMessage();
        assertEquals("the second worker is ill", message);
        assertTrue(done.size() < GROUPS, "the other worker went on to the end");
        assertEquals(0, open.get(), "tokenizers left open");
    }
}
