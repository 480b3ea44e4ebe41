package io.tramontane.cluster.roles;

import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.roles.Messages.Pulse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which tasks are up, what their generators sample with, and how busy they are. */
public final class TaskRegistry {
    /** The names of roles; a task is called role-number. */
    public static final String GENERATOR = "generator";

    /** See {@link #GENERATOR}. */
    public static final String VERIFIER = "verifier";

    /** See {@link #GENERATOR}. */
    public static final String TRAINER = "trainer";

    /** One task. */
    record Member(Holder holder, long pid, String host) {}

    private final Map<String, Member> members = new TreeMap<>();
    private final Map<String, Integer> versions = new HashMap<>();
    private final Map<String, Pulse> newest = new TreeMap<>();
    private final Map<String, Pulse> counted = new HashMap<>();
    private final Map<String, Long> attempts = new HashMap<>(); // the newest one, up or gone
    private final Map<String, Long> done = new HashMap<>();
    private final Map<String, Long> relieved = new HashMap<>(); // when last, in what was done
    private final Map<String, Integer> newestVersions = new HashMap<>();

    /**
     * A task of a name: its earlier attempts are gone. One that says hello again is known already, and one that was replaced is
     * refused, however late it comes.
     */
    synchronized void hello(Messages.Hello hello) {
        String name = hello.holder().name();
        long attempt = hello.holder().attempt();
        if (attempt < attempts.getOrDefault(name, attempt))
            throw new IllegalStateException(hello.holder() + " was replaced by a newer attempt");
        if (knows(hello.holder())) return;
        attempts.put(name, attempt);
        members.put(name, new Member(hello.holder(), hello.pid(), hello.host()));
        versions.remove(name);
        newest.remove(name);
        counted.remove(name);
    }

    /** A task has ended: none of its attempts so far is heard any more. Returns the first attempt that may come. */
    synchronized long gone(String name) {
        newest.remove(name);
        counted.remove(name);
        if (members.remove(name) != null) attempts.merge(name, 1L, Long::sum);
        return attempts.getOrDefault(name, 0L);
    }

    /** True when the task is the newest one of its name. */
    synchronized boolean knows(Holder holder) {
        Member member = members.get(holder.name());
        return member != null && member.holder().equals(holder);
    }

    /** Names of a role's tasks that have not said hello. */
    public synchronized List<String> missing(String role, int count) {
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < count; i++) if (!members.containsKey(role + "-" + i)) missing.add(role + "-" + i);
        return missing;
    }

    /** A generator samples with this version now. */
    synchronized void swapped(Holder holder, int version) {
        if (!knows(holder)) return;
        versions.put(holder.name(), version);
        int before = newestVersions.getOrDefault(holder.name(), version);
        newestVersions.put(holder.name(), Math.max(before, version));
        if (version > before) done(holder);
    }

    /** The version a generator samples with; below every version before its first report. */
    synchronized int version(Holder holder) {
        return knows(holder) ? versions.getOrDefault(holder.name(), -1) : -1;
    }

    /** A task has done something of use: a group was delivered or scored, or it samples with newer weights than ever. */
    synchronized void done(Holder holder) {
        if (knows(holder)) done.merge(holder.name(), 1L, Long::sum);
    }

    /**
     * A group that has ended tasks of this name is set aside: it was no failure of theirs. Counts once between two groups that
     * they finish, so that a task that ends with every group does not set all of them aside.
     */
    synchronized void relieved(String name) {
        if (done(name) == relieved.getOrDefault(name, -1L)) return;
        relieved.put(name, done.merge(name, 1L, Long::sum));
    }

    /** How often the tasks of a name have done so, whatever their attempt. */
    public synchronized long done(String name) {
        return done.getOrDefault(name, 0L);
    }

    /** How busy a task has been so far. */
    synchronized void pulse(Holder holder, Pulse pulse) {
        if (knows(holder)) newest.put(holder.name(), pulse);
    }

    /** Shares of all roles, see {@link #idleShare}. */
    StepWindow.Idle idle() {
        return new StepWindow.Idle(idleShare(GENERATOR), idleShare(TRAINER), idleShare(VERIFIER));
    }

    /** Share of time that a role's tasks waited since this was asked last, in [0, 1]; NaN when nothing is known. */
    synchronized double idleShare(String role) {
        double idle = 0;
        double wall = 0;
        for (Map.Entry<String, Pulse> entry : newest.entrySet()) {
            if (!entry.getKey().startsWith(role + "-")) continue;
            Pulse before = counted.getOrDefault(entry.getKey(), new Pulse(0, 0));
            idle += entry.getValue().idle() - before.idle();
            wall += entry.getValue().wall() - before.wall();
            counted.put(entry.getKey(), entry.getValue());
        }
        return wall > 0 ? Math.max(0, Math.min(1, idle / wall)) : Double.NaN;
    }
}
