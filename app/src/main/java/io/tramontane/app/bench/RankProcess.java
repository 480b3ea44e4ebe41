package io.tramontane.app.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.JsonReading;
import io.tramontane.data.LocalStorage;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.ComputeThread;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.Numerics;
import io.tramontane.model.Sharding;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.ranks.FolderRendezvous;
import io.tramontane.model.ranks.Ranks;
import io.tramontane.trainer.Computation;
import io.tramontane.trainer.OptimizerConfig;
import io.tramontane.trainer.StepReport;
import io.tramontane.trainer.Trainer;
import io.tramontane.trainer.TrainerConfig;
import io.tramontane.trainer.loss.LossConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One rank of {@link RanksBench}, a process of its own. Arguments: folder, rank, count. */
public final class RankProcess {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int EXCHANGES = 8;

    private final Path folder;
    private final RankTask task;
    private final ComputeDevice device;
    private final Collectives ranks;
    private final ProcessMemory memory;

    /**
     * What a rank found.
     *
     * @param digest of all weights after the last step
     * @param gradNorm of the last step
     * @param seconds of each step
     * @param tokens completion and prompt tokens that all ranks together computed in the last step
     * @param before bytes before training: the process alone
     * @param most bytes
     * @param exchangeSeconds of each sum of a vector
     * @param way how vectors travelled
     */
    public record Found(
            String digest,
            double gradNorm,
            List<Double> seconds,
            long tokens,
            long before,
            long most,
            List<Double> exchangeSeconds,
            String way) {}

    /** Runs a rank to its end. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        int rank = Integer.parseInt(args[1]);
        int count = Integer.parseInt(args[2]);
        RankTask task = JSON.readValue(folder.resolve("task.json").toFile(), RankTask.class);
        ComputeThread.prepare(1);
        long parameters = task.config().parameters();
        long shared = task.sharedMemory() ? Ranks.room(Math.max(parameters, task.exchanged())) : 0;
        ComputeDevice device = task.gpu() ? ComputeDevice.gpu(rank) : ComputeDevice.CPU;
        device.check("rank " + rank);
        Ranks ranks = new Ranks(
                rank,
                count,
                "127.0.0.1",
                Files.readAllBytes(folder.resolve("secret")),
                PATIENCE,
                shared,
                device.gpuIndex());
        try (Collectives collectives = ranks.meet(new FolderRendezvous(folder, rank, count, PATIENCE));
                ProcessMemory memory = new ProcessMemory()) {
            Found found = new RankProcess(folder, task, device, collectives, memory).run();
            JSON.writeValue(folder.resolve("found-" + rank + ".json").toFile(), found);
        }
    }

    private RankProcess(Path folder, RankTask task, ComputeDevice device, Collectives ranks, ProcessMemory memory) {
        this.folder = folder;
        this.task = task;
        this.device = device;
        this.ranks = ranks;
        this.memory = memory;
    }

    private Found run() {
        List<Double> exchanges = exchange();
        long before = ProcessMemory.now();
        if (task.steps() == 0) return new Found("", 0, List.of(), 0, before, memory.most(), exchanges, ranks.way());
        try (Trainer trainer =
                Trainer.fresh(weights(), config(), new Computation(1, Numerics.FAST, device, ranks), 1)) {
            List<Double> seconds = new ArrayList<>();
            RandomBatches batches = new RandomBatches(task);
            StepReport report = null;
            for (int step = 1; step <= task.steps(); step++) {
                ranks.barrier();
                long start = System.nanoTime();
                report = trainer.step(batches.of(step));
                seconds.add((System.nanoTime() - start) / 1e9);
                System.out.printf(
                        Locale.ROOT,
                        "step %d, %.3f s, %d MB%n",
                        step,
                        seconds.get(step - 1),
                        ProcessMemory.now() >> 20);
            }
            long most = memory.most();
            if (task.save()) trainer.save(new LocalStorage(folder.resolve("checkpoint")), null);
            long tokens = report.completionTokens() + report.promptTokens();
            return new Found(
                    trainer.digest(), report.gradNorm(), seconds, tokens, before, most, exchanges, ranks.way());
        }
    }

    private WeightSnapshot weights() {
        Sharding sharding = new Sharding(task.shard(), ranks);
        return RandomWeights.of(task.config(), sharding.weights(task.config()));
    }

    private TrainerConfig config() {
        int size = task.groups() * task.groupSize();
        return new TrainerConfig(
                size,
                size,
                task.microbatchTokens(),
                1,
                task.steps(),
                0,
                task.steps(),
                20,
                false,
                task.keep(),
                task.dtype(),
                task.shard(),
                LoraConfig.defaults(),
                LossConfig.defaults(),
                new OptimizerConfig(1e-4, 0, 1, 0, 0.9, 0.95, 1e-8, 0, 1, task.moments()));
    }

    private List<Double> exchange() {
        List<Double> seconds = new ArrayList<>();
        if (task.exchanged() == 0) return seconds;
        Device memoryOf = device.gpu() ? Device.gpu(device.index()) : Device.cpu();
        try (NDManager manager = NDManager.newBaseManager(memoryOf, "PyTorch")) {
            long length = (task.exchanged() + ranks.count() - 1) / ranks.count() * ranks.count();
            NDArray vector = ranks.vector(manager, length);
            vector.addi(1);
            for (int i = 0; i < EXCHANGES; i++) {
                ranks.barrier();
                long start = System.nanoTime();
                ranks.allReduce(vector);
                seconds.add((System.nanoTime() - start) / 1e9);
                System.out.printf(Locale.ROOT, "sum %d, %.4f s%n", i + 1, seconds.get(i));
            }
            double expected = Math.pow(ranks.count(), EXCHANGES);
            double last = vector.getFloat(length - 1);
            if (last != expected) throw new IllegalStateException("the sum is " + last + ", expected " + expected);
        }
        return seconds;
    }
}
