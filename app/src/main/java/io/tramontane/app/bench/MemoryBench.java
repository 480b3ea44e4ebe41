package io.tramontane.app.bench;

import io.tramontane.model.FlatVector;
import io.tramontane.model.Keep;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.PackedSequences.PromptGroup;
import io.tramontane.model.Policy;
import io.tramontane.model.TrainingPass;
import io.tramontane.model.VectorRange;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Memory and time of one training pass, by default over 4,096 tokens, a prompt of 96 and eight completions of 500, for each
 * way to keep activations. Memory is what the process takes at its peak above what it took before the pass: activations, with theta and
 * the gradient in place already. Linux only: it resets and reads the kernel's high-water mark of resident memory.
 */
public final class MemoryBench {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path RESET = Path.of("/proc/self/clear_refs");

    private final WeightSnapshot weights;
    private final Sequences sequences;
    private final Consumer<Figure> listener;

    /**
     * What the pass computes.
     *
     * @param prompt its tokens
     * @param completions of that prompt
     * @param length tokens of each; a model's longest sequence does not bound it
     */
    public record Sequences(int prompt, int completions, int length) {
        /** 4,096 tokens. */
        public static Sequences defaults() {
            return new Sequences(96, 8, 500);
        }
    }

    /** The listener receives each figure at once. */
    public MemoryBench(WeightSnapshot weights, Sequences sequences, Consumer<Figure> listener) {
        this.weights = weights;
        this.sequences = sequences;
        this.listener = listener;
    }

    /** Measures, the smaller one first: memory that the C library does not give back would hide it. */
    public void run() {
        try (Policy policy = new Policy(weights)) {
            FlatVector gradient = policy.vector();
            pass(
                    policy,
                    gradient,
                    Keep.BLOCKS,
                    packed(new Sequences(sequences.prompt(), 1, 8))); // libraries allocate on their first call
            double blocks = measured(policy, gradient, Keep.BLOCKS);
            double all = measured(policy, gradient, Keep.ALL);
            listener.accept(new Figure("blocks, activations", blocks * 1e-9, "GB", blocks / all, "those of all"));
        }
    }

    private double measured(Policy policy, FlatVector gradient, Keep keep) {
        long before = reset();
        long start = System.nanoTime();
        pass(policy, gradient, keep, packed(sequences));
        double seconds = (System.nanoTime() - start) * 1e-9;
        double bytes = kilobytes("VmHWM") * 1024.0;
        String name = keep.name().toLowerCase(Locale.ROOT);
        listener.accept(new Figure(name + ", whole process", bytes * 1e-9, "GB"));
        listener.accept(new Figure(name + ", time", seconds, "s"));
        return bytes - before * 1024.0;
    }

    private PackedSequences packed(Sequences of) {
        Random random = new Random(1);
        int words = weights.config().vocabulary();
        List<int[]> answers = IntStream.range(0, of.completions())
                .mapToObj(i -> random.ints(of.length(), 0, words).toArray())
                .toList();
        int[] prompt = random.ints(of.prompt(), 0, words).toArray();
        return PackedSequences.of(List.of(new PromptGroup(prompt, answers)));
    }

    private static void pass(Policy policy, FlatVector gradient, Keep keep, PackedSequences packed) {
        int count = packed.target().length;
        try (TrainingPass pass = policy.pass(packed, 1, keep)) {
            pass.backward(
                    (from, to, logprobs, entropies, slope, entropySlope) -> Arrays.fill(slope, from, to, -1f / count),
                    gradient);
        }
        gradient.read(new VectorRange(0, 1)); // a GPU returns before it is done
    }

    /** Sets the mark to what is resident now, and returns that, in kB. */
    private static long reset() {
        System.gc();
        try {
            Files.writeString(RESET, "5");
        } catch (IOException e) {
            throw new UncheckedIOException(RESET + ": the mark of resident memory cannot be reset", e);
        }
        return kilobytes("VmRSS");
    }

    private static long kilobytes(String name) {
        try {
            for (String line : Files.readAllLines(STATUS))
                if (line.startsWith(name + ":")) return Long.parseLong(line.replaceAll("\\D+", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(STATUS + ": cannot be read", e);
        }
        throw new IllegalStateException(STATUS + ": no line " + name);
    }
}
