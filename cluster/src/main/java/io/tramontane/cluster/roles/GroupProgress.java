package io.tramontane.cluster.roles;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The groups that have made progress since the last question. */
final class GroupProgress {
    private final Set<Long> groups = new LinkedHashSet<>();

    synchronized void note(long group) {
        groups.add(group);
    }

    /** Those noted, each once, after a wait; none when the thread is interrupted. */
    List<Long> take(Duration wait) {
        try {
            Thread.sleep(wait.toMillis());
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return List.of();
        }
        return take();
    }

    synchronized List<Long> take() {
        List<Long> taken = new ArrayList<>(groups);
        groups.clear();
        return taken;
    }
}
