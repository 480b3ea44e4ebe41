package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.LocalStorage;
import io.tramontane.data.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SignalTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Holder GENERATOR = new Holder("generator-0", 0);
    private static final Holder VERIFIER = new Holder("verifier-0", 0);

    @TempDir
    Path folder;

    /** Ten tasks ask once and wait for news; a hundred groups that pass by are none of their business. */
    @Test
    void whoWaitsForNewsIsNotWokenByGroups() throws IOException, InterruptedException {
        Signal signal = new Signal();
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch waiting = new CountDownLatch(10);
        CountDownLatch over = new CountDownLatch(1);
        List<Thread> watchers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Thread watcher = new Thread(() -> signal.await(Topic.NEWS, LONG, () -> {
                asked.incrementAndGet();
                waiting.countDown();
                return Optional.of(true).filter(x -> over.getCount() == 0);
            }));
            watchers.add(watcher);
            watcher.start();
        }
        assertTrue(waiting.await(LONG.toSeconds(), java.util.concurrent.TimeUnit.SECONDS));
        LedgerConfig config = new LedgerConfig(1, 200, 1, LONG, LONG);
        Ledger.Environment around =
                new Ledger.Environment(new Given.Memory(), Clock.systemUTC(), new LedgerListener() {}, signal);
        LocalStorage events = new LocalStorage(folder.resolve("events.jsonl"));
        try (Ledger ledger = new Ledger(config, events, History.read(events), 0, around)) {
            for (int i = 0; i < 100; i++) {
                ledger.lease(GENERATOR, () -> 0, 1, LONG);
                ledger.deliver(GENERATOR, Given.group(i, 0));
                ledger.takeForScoring(VERIFIER, Problem.Kind.MATH, 1, LONG);
                ledger.rewards(i, Given.rewards(0.9, 0));
                ledger.takeBatch(i + 1, LONG);
            }
        }
        assertEquals(10, asked.get());
        over.countDown();
        signal.raise(Topic.NEWS);
        for (Thread watcher : watchers) watcher.join();
        assertEquals(20, asked.get());
    }

    @Test
    void aChangeOfAnyTopicWakesWhoWaitsForAllAndARaiseWakesEveryTopic() {
        Signal signal = new Signal();
        for (Topic topic : Topic.values()) {
            AtomicInteger asked = new AtomicInteger();
            assertEquals(Optional.of(2), signal.await(LONG, () -> {
                signal.raise(topic);
                return Optional.of(asked.incrementAndGet()).filter(n -> n == 2);
            }));
            assertEquals(Optional.of(4), signal.await(topic, LONG, () -> {
                signal.raise();
                return Optional.of(asked.incrementAndGet()).filter(n -> n == 4);
            }));
        }
    }
}
