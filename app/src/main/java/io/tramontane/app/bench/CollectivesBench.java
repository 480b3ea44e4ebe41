package io.tramontane.app.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.app.plan.Amount;
import io.tramontane.model.ComputeDevice;
import java.util.List;

/**
 * What devices of this machine do together: sums of a vector over all ranks, a process each. All GPUs by NCCL; or two processes
 * on the CPU, by shared memory and by sockets. Bytes of the vector a second, beside those that one device reads from its
 * memory: no link between devices is faster.
 *
 * @param findings that get the group {@code collectives}
 * @param device whose kind the ranks compute on
 * @param ranks processes
 * @param bandwidth bytes that the device reads from its memory a second
 */
record CollectivesBench(Findings findings, ComputeDevice device, int ranks, double bandwidth) {
    /** float32 numbers of 3.3 MB and 500 MB: gradients of the tiny policy and of 125 million parameters. */
    static final List<Long> SIZES = List.of(825_000L, 125_000_000L);

    private static final int CPU_RANKS = 2;
    private static final long SECONDS = 600;

    /** Of all GPUs, or of two ranks on the CPU. */
    static CollectivesBench of(Findings findings, ComputeDevice device, double bandwidth) {
        return new CollectivesBench(findings, device, device.gpu() ? ComputeDevice.count() : CPU_RANKS, bandwidth);
    }

    /**
     * Measures.
     *
     * @param sizes of vectors, in numbers
     * @return false if ranks failed; what they said is told
     */
    boolean run(List<Long> sizes) {
        ObjectNode json = findings.group("collectives").put("ranks", ranks);
        if (ranks == 1) {
            findings.print("collectives: one GPU has nothing to exchange");
            return true;
        }
        try {
            for (boolean share : device.gpu() ? new boolean[] {true} : new boolean[] {true, false})
                for (long numbers : sizes) PolicyBench.add(findings, json, "", sum(numbers, share));
            return true;
        } catch (IllegalStateException e) { // the figures before it are still worth reading
            findings.print("collectives: FAILED: %s", e.getMessage());
            json.put("error", e.getMessage());
            return false;
        }
    }

    private Figure sum(long numbers, boolean share) {
        RankTask task = RankTask.sums(numbers, share, device.gpu());
        try (TemporaryFolder folder = TemporaryFolder.make()) {
            RanksBench.Result result = new RanksBench(task, false, SECONDS).run(ranks, folder.path());
            double speed = result.exchangedPerSecond(numbers);
            String name = "all-reduce, " + Amount.bytes((double) numbers * Float.BYTES) + ", " + ranks + " ranks, "
                    + result.ranks().get(0).way();
            return new Figure(name, speed * 1e-9, "GB/s", speed / bandwidth, "memory, read");
        }
    }
}
