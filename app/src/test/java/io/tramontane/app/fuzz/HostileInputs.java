package io.tramontane.app.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Runs the whole campaign, in this process or as a program of its own with a small heap. */
final class HostileInputs {
    private HostileInputs() {}

    /** What readers did that they must not. */
    record Result(List<String> faults) {}

    /** Run folder, scratch folder, inputs in all, seed. Exit code 1 when a reader did what it must not. */
    public static void main(String[] args) throws Exception {
        Result result = run(Path.of(args[0]), Path.of(args[1]), Integer.parseInt(args[2]), Long.parseLong(args[3]));
        result.faults().forEach(System.out::println);
        System.out.println("faults: " + result.faults().size());
        System.exit(result.faults().isEmpty() ? 0 : 1);
    }

    /** All readers, with as many inputs for each. */
    static Result run(Path run, Path scratch, int count, long seed) throws Exception {
        Readers readers = new Readers(run, Files.createDirectories(scratch));
        try (FlightTargets calls = readers.calls()) {
            List<Target> targets = new ArrayList<>(readers.all());
            targets.addAll(calls.all());
            Result result = run(targets, count, seed);
            calls.check();
            return result;
        }
    }

    private static Result run(List<Target> targets, int count, long seed) throws Exception {
        Campaign campaign = new Campaign();
        AtomicReference<Throwable> failed = new AtomicReference<>();
        Thread worker = new Thread(() -> {
            try {
                for (Target target : targets)
                    System.out.println(campaign.run(target, (count + targets.size() - 1) / targets.size(), seed));
            } catch (Throwable e) {
                failed.set(e);
            }
        });
        worker.setDaemon(true);
        worker.start();
        while (worker.isAlive()) {
            worker.join(1000);
            if (campaign.hanging() != null) throw new IOException("still being read: " + campaign.hanging());
        }
        if (failed.get() != null) throw new IOException("the campaign failed", failed.get());
        return new Result(campaign.faults());
    }
}
