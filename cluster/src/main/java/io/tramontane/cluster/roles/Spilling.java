package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.ledger.Lease;
import io.tramontane.cluster.ledger.Ledger;
import io.tramontane.cluster.ledger.Spilled;
import io.tramontane.data.Group;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of groups in flight when a run is interrupted: what was sampled is kept in the run folder, and the next driver
 * leases them as they were leased before. With {@code maxLag: 0} nothing is kept: sets are sampled again as a whole, so that a
 * resumed run has the bits of one that was not interrupted.
 */
final class Spilling {
    private static final Logger LOG = LoggerFactory.getLogger(Spilling.class);

    private final Config config;
    private final SpilledGroups groups;
    private final Consumer<String> message;
    private SpilledGroups.Size continued = new SpilledGroups.Size(0, 0);
    private volatile boolean complete;
    private boolean told;

    /** @param message takes lines for the user */
    Spilling(Config config, SpilledGroups groups, Consumer<String> message) {
        this.config = config;
        this.groups = groups;
        this.message = message;
    }

    /** The ledger is open: says with what it goes on. {@code unfinished} groups were in flight. */
    void resumed(int unfinished) {
        continued = groups.size();
        int again = unfinished - continued.groups();
        if (!groups.damaged().isEmpty())
            message.accept("damaged and left out: spilled " + String.join(", ", groups.damaged()));
        if (continued.groups() > 0)
            message.accept(String.format(
                    Locale.ROOT, "goes on with %s, %,d %s sampled again", continued, again, again == 1 ? "is" : "are"));
    }

    /** Whether there is something of a group. */
    boolean has(long group) {
        return groups.has(group);
    }

    /** What was sampled of a group before. */
    Optional<Group> begun(long group) {
        return groups.group(group);
    }

    /** A generator that ends hands over what it has of a group. */
    void handBack(Ledger ledger, Holder generator, Group group) {
        if (!keeps()) return;
        Optional<Lease> lease = ledger.leaseOf(generator, group.id());
        if (lease.isEmpty() || !keep(lease.get(), group)) return;
        if (!ledger.handBack(generator, Spilled.of(lease.get(), group))) groups.delete(group.id());
    }

    /** The run has made all of its steps: nothing goes on. */
    void complete() {
        complete = true;
    }

    /** Before the ledger is closed: keeps what the driver itself has, and says what is kept in all. */
    SpilledGroups.Size end(Ledger ledger) {
        if (!keeps()) return new SpilledGroups.Size(0, 0);
        ledger.sampled().forEach((lease, group) -> {
            if (group.completions().size() == config.at(lease.step()).rollout().groupSize()) keep(lease, group);
        });
        SpilledGroups.Size size = groups.size();
        if (size.groups() > 0) message.accept("kept for --resume: " + size);
        return size;
    }

    /** What an earlier driver had kept and this one went on with. */
    SpilledGroups.Size continued() {
        return continued;
    }

    private boolean keeps() {
        return config.rollout().spill() && config.cluster().maxLag() > 0 && !complete;
    }

    /** A folder that cannot be written must not keep a run from its end: the group is sampled again. */
    private boolean keep(Lease lease, Group group) {
        try {
            groups.write(lease, group);
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warn("group {} cannot be kept", group.id(), e);
            tellOnce("groups in flight cannot be kept and are sampled again after --resume: " + e.getMessage());
            return false;
        }
    }

    private synchronized void tellOnce(String line) {
        if (!told) message.accept(line);
        told = true;
    }
}
