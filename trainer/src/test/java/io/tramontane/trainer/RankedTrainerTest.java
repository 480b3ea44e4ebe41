package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Batch;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.ScoredGroup;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.Dtype;
import io.tramontane.model.Keep;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.Numerics;
import io.tramontane.model.Shard;
import io.tramontane.model.Sharding;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.ranks.FolderRendezvous;
import io.tramontane.model.ranks.Ranks;
import io.tramontane.trainer.loss.Configs;
import io.tramontane.trainer.loss.LossConfig;
import io.tramontane.trainer.loss.ReferenceRule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Several trainers that share their batches, as threads. */
class RankedTrainerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private static TrainerConfig config(Shard shard, LossConfig loss) {
        OptimizerConfig optimizer = new OptimizerConfig(1e-3, 0, 1, 0, 0.9, 0.95, 1e-8, 0, 1);
        return new TrainerConfig(
                16,
                8,
                30,
                1,
                100,
                0,
                50,
                20,
                false,
                Keep.ALL,
                Dtype.FLOAT32,
                shard,
                LoraConfig.defaults(),
                loss,
                optimizer);
    }

    private static WeightSnapshot start() {
        return TinyGroups.snapshot(TinyGroups.SHAPE, TinyGroups.theta(TinyGroups.SHAPE, 12));
    }

    private <T> List<T> together(int count, Function<Collectives, T> what) throws Exception {
        Path meeting = Files.createTempDirectory(folder, "meeting");
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<T>> results = new ArrayList<>();
            for (int rank = 0; rank < count; rank++) {
                Ranks ranks = new Ranks(rank, count, "127.0.0.1", new byte[] {1}, PATIENCE, 1L << 30);
                FolderRendezvous rendezvous = new FolderRendezvous(meeting, rank, count, PATIENCE);
                results.add(threads.submit(() -> {
                    try (Collectives collectives = ranks.meet(rendezvous)) {
                        return what.apply(collectives);
                    }
                }));
            }
            List<T> all = new ArrayList<>();
            for (Future<T> result : results) all.add(result.get(60, TimeUnit.SECONDS));
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Trainer trainer(TrainerConfig config, Collectives ranks) {
        return Trainer.fresh(start(), config, computation(ranks), 1);
    }

    private static Computation computation(Collectives ranks) {
        return new Computation(0.9, Numerics.FAST, ComputeDevice.CPU, ranks);
    }

    private static StepReport steps(Trainer trainer, int from, int to) {
        StepReport report = null;
        for (int step = from; step <= to; step++) {
            List<ScoredGroup> groups = TinyGroups.groups(4, 20 + step);
            report = trainer.step(new Batch(step, groups));
        }
        return report;
    }

    private static double[] numbers(WeightSnapshot weights) {
        ByteBuffer bytes = ByteBuffer.allocate((int) weights.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        weights.read(0, bytes);
        double[] numbers = new double[bytes.capacity() / Float.BYTES];
        for (int i = 0; i < numbers.length; i++) numbers[i] = bytes.getFloat(i * Float.BYTES);
        return numbers;
    }

    static Stream<Arguments> ways() {
        List<Arguments> ways = new ArrayList<>();
        LossConfig plain = LossConfig.defaults();
        LossConfig kl = Configs.toReference(ReferenceRule.EMA, 0.5);
        for (Shard shard : Shard.values()) {
            ways.add(Arguments.of(shard, 2, plain));
            ways.add(Arguments.of(shard, 3, kl));
        }
        ways.add(Arguments.of(Shard.FULL, 6, kl)); // more ranks than some minibatch has work for
        return ways.stream();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void ranksReportAndSaveWhatOneTrainerDoes(Shard shard, int count, LossConfig loss) throws Exception {
        TrainerConfig config = config(shard, loss);
        StepReport alone;
        double[] expected;
        try (Trainer trainer = trainer(config, Collectives.ALONE)) {
            alone = steps(trainer, 1, 4);
            expected = numbers(trainer.snapshot());
        }
        Path checkpoint = folder.resolve("step-000004");
        record Found(StepReport report, String digest) {}
        List<Found> found = together(count, ranks -> {
            try (Trainer trainer = trainer(config, ranks)) {
                StepReport report = steps(trainer, 1, 4);
                trainer.save(new LocalStorage(checkpoint), null);
                return new Found(report, trainer.digest());
            }
        });
        WeightSnapshot saved = Checkpoint.read(checkpoint, 4);
        assertArrayEquals(expected, numbers(saved), 1e-6);
        for (Found rank : found) {
            assertEquals(saved.digest(), rank.digest());
            assertEquals(found.get(0).report(), rank.report());
            assertEquals(alone.objective(), rank.report().objective(), 1e-6);
            assertEquals(alone.gradNorm(), rank.report().gradNorm(), 1e-6);
            assertEquals(alone.entropy(), rank.report().entropy(), 1e-6);
            assertEquals(alone.completionTokens(), rank.report().completionTokens());
        }
    }

    @ParameterizedTest
    @EnumSource(Shard.class)
    void aCheckpointOfFourRanksGoesOnWithOneAndWithThree(Shard shard) throws Exception {
        TrainerConfig config = config(shard, Configs.toReference(ReferenceRule.EMA, 0.5));
        Path checkpoint = folder.resolve("step-000002");
        together(4, ranks -> {
            try (Trainer trainer = trainer(config, ranks)) {
                steps(trainer, 1, 2);
                trainer.save(new LocalStorage(checkpoint), null);
                return null;
            }
        });
        double[] expected;
        try (Trainer trainer = trainer(config, Collectives.ALONE)) {
            steps(trainer, 1, 4);
            expected = numbers(trainer.snapshot());
        }
        for (int count : new int[] {1, 3}) {
            Path later = folder.resolve("step-000004-" + count);
            Function<Collectives, Void> goOn = ranks -> {
                try (Trainer trainer =
                        Trainer.restore(new LocalStorage(checkpoint), config, computation(ranks), null)) {
                    steps(trainer, 3, 4);
                    trainer.save(new LocalStorage(later), null);
                    return null;
                }
            };
            if (count == 1) goOn.apply(Collectives.ALONE);
            else together(count, goOn);
            assertArrayEquals(expected, numbers(Checkpoint.read(later, 4)), 1e-6);
        }
    }

    @Test
    void aRankReadsOnlyWhatItHolds() throws Exception {
        Path model = folder.resolve("model");
        Checkpoint.write(model, start(), null);
        List<Long> held = together(2, ranks -> {
            WeightSnapshot weights = Checkpoint.read(model, 0, new Sharding(Shard.FULL, ranks));
            return weights.held().stream().mapToLong(range -> range.length()).sum();
        });
        TensorRange last = start().tensors().get(start().tensors().size() - 1);
        assertEquals(last.offset() + last.length(), held.get(0) + held.get(1));
        assertTrue(held.get(1) < 0.55 * held.get(0) + 0.55 * held.get(1), held.toString());
    }
}
