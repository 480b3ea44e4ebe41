package io.tramontane.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.app.bench.Findings;
import io.tramontane.app.bench.RankProcess;
import io.tramontane.app.bench.RankTask;
import io.tramontane.app.bench.RanksBench;
import io.tramontane.app.bench.TemporaryFolder;
import io.tramontane.app.plan.Amount;
import io.tramontane.cluster.config.DeviceChoice;
import io.tramontane.data.BadInputException;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.Dtype;
import io.tramontane.model.Keep;
import io.tramontane.model.Shard;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trainer ranks on this machine. */
@Command(
        name = "ranks",
        description = "Trainer ranks in processes of their own: speed, memory, sums of vectors, equal weights.",
        mixinStandardHelpOptions = true)
final class RanksBenchCommand implements Callable<Integer> {
    private static final long SECONDS = 3600;

    @Mixin
    private BenchCommand.FigureOutput output;

    @Option(
            names = "--shape",
            paramLabel = "NAME",
            description = "tiny, 10m, 135m, 1.3b: random weights (default 135m)")
    private String shape = "135m";

    @Option(names = "--ranks", paramLabel = "N", description = "processes (default 2)")
    private int ranks = 2;

    @Option(
            names = "--shard",
            paramLabel = "WHAT",
            description = "as trainer.shard: none, optimizer, full (default none)")
    private String shard = "none";

    @Option(names = "--keep", paramLabel = "WHAT", description = "as trainer.keep: all, blocks (default all)")
    private String keep = "all";

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "as trainer.dtype: float32, bfloat16 (default float32)")
    private String dtype = "float32";

    @Option(
            names = "--moments",
            paramLabel = "TYPE",
            description = "as trainer.optimizer.moments: float32, bfloat16 (default float32)")
    private String moments = "float32";

    @Option(names = "--steps", paramLabel = "N", description = "training steps; 0 sums vectors alone (default 4)")
    private int steps = 4;

    @Option(names = "--groups", paramLabel = "N", description = "groups of 4 completions a step (default 8)")
    private int groups = 8;

    @Option(names = "--completion-tokens", paramLabel = "N", description = "longest completion (default 64)")
    private int completionTokens = 64;

    @Option(names = "--microbatch-tokens", paramLabel = "N", description = "as trainer.microbatchTokens (default 1024)")
    private int microbatchTokens = 1024;

    @Option(
            names = "--exchanged",
            paramLabel = "N",
            description = "numbers of a vector that is summed (default 0: none)")
    private long exchanged;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto (default: a GPU for each rank where there are any, else the CPU), cpu, gpu")
    private DeviceChoice device;

    @Option(names = "--sockets", description = "ranks exchange over sockets, as between machines")
    private boolean sockets;

    @Option(names = "--pin", description = "rank r runs on core r alone (taskset)")
    private boolean pin;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (ranks < 1) throw new BadInputException("--ranks " + ranks + ", allowed >= 1");
        if (steps < 0 || groups < 1 || completionTokens < 1 || microbatchTokens < 1 || exchanged < 0)
            throw new BadInputException(
                    "--steps and --exchanged must be at least 0; --groups, --completion-tokens and --microbatch-tokens at"
                            + " least 1");
        RankTask.shape(shape);
        boolean gpu = DeviceBenchCommand.chosen(device).gpu();
        if (gpu && ranks > ComputeDevice.count())
            throw new BadInputException("--ranks " + ranks + ": this machine has " + ComputeDevice.count()
                    + " GPUs, one for each rank; allowed fewer ranks or --device cpu");
        RankTask task = new RankTask(
                shape,
                word(Shard.class, "--shard", shard),
                word(Keep.class, "--keep", keep),
                word(Dtype.class, "--dtype", dtype),
                word(Dtype.class, "--moments", moments),
                steps,
                groups,
                4,
                16,
                completionTokens,
                microbatchTokens,
                !sockets,
                gpu,
                exchanged,
                false);
        PrintWriter out = spec.commandLine().getOut();
        Findings findings = output.begin("ranks", out);
        try (TemporaryFolder folder = TemporaryFolder.make()) {
            tell(findings, task, new RanksBench(task, pin, SECONDS).run(ranks, folder.path()));
        }
        output.end(findings, out);
        return Tramontane.DONE;
    }

    private static <E extends Enum<E>> E word(Class<E> type, String option, String given) {
        for (E value : type.getEnumConstants()) if (value.toString().equals(given)) return value;
        throw new BadInputException(option + " " + given + ", allowed "
                + Arrays.toString(type.getEnumConstants()).replaceAll("[\\[\\]]", ""));
    }

    private void tell(Findings findings, RankTask task, RanksBench.Result result) {
        ObjectNode json = findings.group("ranks");
        json.put("shape", shape).put("ranks", ranks).put("shard", shard).put("keep", keep);
        json.put("way", result.ranks().get(0).way());
        findings.print(
                "%d ranks of shape %s, shard %s, keep %s, by %s",
                ranks, shape, shard, keep, result.ranks().get(0).way());
        if (exchanged > 0) {
            double speed = result.exchangedPerSecond(exchanged);
            json.put("bytesPerSecond", speed);
            findings.print("all-reduce of %s: %s/s", Amount.bytes(4.0 * exchanged), Amount.bytes(speed));
        }
        for (int rank = 0; rank < ranks; rank++) {
            RankProcess.Found found = result.ranks().get(rank);
            long planned = found.before() + task.plannedBytes(ranks);
            findings.print(
                    "rank %d: %s at most, %s before training; planned %s",
                    rank, Amount.bytes(found.most()), Amount.bytes(found.before()), Amount.bytes(planned));
        }
        json.put("bytes", result.bytes()).put("plannedBytesOfARank", task.plannedBytes(ranks));
        findings.print("all ranks: %s", Amount.bytes(result.bytes()));
        if (task.steps() == 0) return;
        json.put("tokensPerSecond", result.tokensPerSecond()).put("digest", result.digest());
        findings.print("%,.0f tokens/s of training", result.tokensPerSecond());
        findings.print("weights on all ranks: %s", result.digest());
    }
}
