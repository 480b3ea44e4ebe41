package io.tramontane.app.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Gives mutated inputs to readers, and keeps what none of them may do: fail with another exception than the reader
 * promises, allocate out of proportion, take long, or never end.
 */
final class Campaign {
    private static final long SECONDS = 30;
    private static final long BASE = 80L << 20; // a few damaged Arrow files make Arrow's own reader take 64 MiB
    private static final long PER_BYTE = 400;

    private static final int MOST_FAULTS = 40;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final List<String> faults = new ArrayList<>();
    private volatile String current = "";
    private volatile long since;

    List<String> faults() {
        return faults;
    }

    /** The input that is being read, when it has been for longer than the deadline; else null. */
    String hanging() {
        boolean late = !current.isEmpty() && System.nanoTime() - since > SECONDS * 1_000_000_000L;
        return late ? current : null;
    }

    /** Returns a line of figures: inputs, how many were refused, times, the most memory that one has allocated. */
    String run(Target target, int count, long seed) {
        Mutations mutations = new Mutations(seed);
        for (byte[] sample : target.samples()) tried(target, sample, false); // the classes are loaded then
        long start = System.nanoTime();
        int given = 0;
        int refused = 0;
        long slowest = 0;
        long most = 0;
        for (int i = 0; i < count && faults.size() < MOST_FAULTS; i++) {
            byte[] input = mutations.of(target.samples());
            given++;
            current = target.name() + " " + shown(input);
            since = System.nanoTime();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            if (!tried(target, input, true)) refused++;
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            long nanos = System.nanoTime() - since;
            current = "";
            if (allocated > BASE + PER_BYTE * input.length)
                faults.add(target.name() + ": " + (allocated >> 20) + " MiB for " + shown(input));
            slowest = Math.max(slowest, nanos);
            most = Math.max(most, allocated);
        }
        return String.format(
                Locale.ROOT,
                "%s: %d inputs, %d refused, %.1f s in all, slowest %.3f s, most memory %.1f MiB",
                target.name(),
                given,
                refused,
                (System.nanoTime() - start) / 1e9,
                slowest / 1e9,
                most / 1048576.0);
    }

    /** True when it could be read. */
    private boolean tried(Target target, byte[] input, boolean mutated) {
        try {
            target.reader().read(input);
            return true;
        } catch (Throwable e) {
            boolean promised = mutated && target.mayThrow(e);
            if (!promised) faults.add(target.name() + ": " + at(e) + " for " + shown(input));
            if (promised && e.getMessage() == null) faults.add(target.name() + ": no message for " + shown(input));
            return false;
        }
    }

    private static String at(Throwable e) {
        String where = Arrays.stream(e.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("io.tramontane")
                        && !frame.getClassName().contains(".fuzz."))
                .map(StackTraceElement::toString)
                .findFirst()
                .orElse(Arrays.toString(e.getStackTrace()));
        return e + " at " + where;
    }

    private static String shown(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        return input.length + " bytes: " + (text.length() <= 1500 ? text : text.substring(0, 1500) + "...");
    }
}
