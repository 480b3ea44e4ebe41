package io.tramontane.model;

import io.tramontane.model.PackedSequences.PromptGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** One training pass in a process of its own, which prints what that took at its peak, in kB; Linux only. */
final class LongPass {
    private LongPass() {}

    /** Arguments: tokens of the prompt, completions, tokens of each; heads per key head, layers. */
    public static void main(String[] arguments) throws Exception {
        int[] numbers = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        PolicyConfig config =
                new PolicyConfig(numbers[4], 128, numbers[3], 1, 32, 384, 1049, 65536, 10000, 1e-5, true, 0);
        Random random = new Random(1);
        List<int[]> completions = IntStream.range(0, numbers[1])
                .mapToObj(i -> random.ints(numbers[2], 0, 1049).toArray())
                .toList();
        PackedSequences packed = PackedSequences.of(
                List.of(new PromptGroup(random.ints(numbers[0], 0, 1049).toArray(), completions)));
        try (Policy policy = new Policy(PolicyTest.random(config, 3))) {
            FlatVector gradient = policy.vector();
            try (TrainingPass pass = policy.pass(packed, 1, Keep.BLOCKS)) {
                pass.backward(
                        (from, to, logprobs, entropies, slope, own) -> Arrays.fill(slope, from, to, 1f), gradient);
            }
            double norm = gradient.norm();
            if (!(norm > 0 && norm < Double.POSITIVE_INFINITY)) throw new IllegalStateException("norm " + norm);
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/status")))
            if (line.startsWith("VmHWM:")) System.out.println(line.replaceAll("\\D+", ""));
    }
}
