package io.tramontane.cluster.ledger;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets threads wait, for a bounded time, until a question has an answer. Whoever changes something raises the signal, of some
 * topics or of all. A thread waits for one topic, or for any change.
 */
public final class Signal {
    private final Bell any = new Bell();
    private final Map<Topic, Bell> topics = new EnumMap<>(Topic.class);

    /** Nothing has changed yet. */
    public Signal() {
        for (Topic topic : Topic.values()) topics.put(topic, new Bell());
    }

    /** Something changed: every thread that waits asks again. */
    public void raise() {
        raise(EnumSet.allOf(Topic.class));
    }

    /** Something changed that concerns one topic. */
    public void raise(Topic topic) {
        raise(List.of(topic));
    }

    /** Something changed that concerns these topics, or none that anybody waits for in particular. */
    public void raise(Collection<Topic> changed) {
        for (Topic topic : changed) topics.get(topic).ring();
        any.ring();
    }

    /** Asks at once and after each change of any kind; empty when there was no answer within {@code wait}. */
    public <T> Optional<T> await(Duration wait, Supplier<Optional<T>> question) {
        return any.await(wait, question);
    }

    /** Asks at once and after each change of a topic; empty when there was no answer within {@code wait}. */
    public <T> Optional<T> await(Topic topic, Duration wait, Supplier<Optional<T>> question) {
        return topics.get(topic).await(wait, question);
    }

    private static final class Bell {
        private long changes;

        synchronized void ring() {
            changes++;
            notifyAll();
        }

        <T> Optional<T> await(Duration wait, Supplier<Optional<T>> question) {
            long end = System.nanoTime() + wait.toNanos();
            while (true) {
                long seen = changes();
                Optional<T> answer = question.get();
                long left = (end - System.nanoTime()) / 1_000_000;
                if (answer.isPresent() || left <= 0) return answer;
                pause(seen, left);
            }
        }

        private synchronized long changes() {
            return changes;
        }

        private synchronized void pause(long seen, long millis) {
            try {
                if (changes == seen) wait(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting", e);
            }
        }
    }
}
