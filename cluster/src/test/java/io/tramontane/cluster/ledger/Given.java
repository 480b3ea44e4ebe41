package io.tramontane.cluster.ledger;

import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Groups, rewards and a batch store for the ledger's tests. */
final class Given {
    private Given() {}

    /** A maths group of two one-token completions, both sampled by {@code version}. */
    static Group group(long id, int version) {
        return group(id, version, Problem.math("p" + id, "en", "1+1?", "2", Map.of()));
    }

    static Group group(long id, int version, Problem problem) {
        Completion completion =
                new Completion(new int[] {7}, new float[] {-0.5f}, new int[] {version}, true, "<think>a</think>b");
        return new Group(id, problem, new int[] {1, 2}, List.of(completion, completion));
    }

    /** One verdict per correctness; NaN is UNSCORED. */
    static List<RewardBreakdown> rewards(double... correctness) {
        return DoubleStream.of(correctness)
                .mapToObj(c -> Double.isNaN(c)
                        ? RewardBreakdown.unscored("no sandbox", 1)
                        : new RewardBreakdown(
                                0.1, c, 0, 0, c > 0 ? Verdict.CORRECT : Verdict.WRONG, "", "", List.of(), 1))
                .toList();
    }

    /** Keeps batches in memory; the digest is the list of group ids. Survives a "crash" when it is kept. */
    static final class Memory implements BatchStore {
        final Map<Integer, Batch> batches = new HashMap<>();

        @Override
        public String write(Batch batch) {
            batches.put(batch.step(), batch);
            return digest(batch);
        }

        @Override
        public Batch read(int step, String digest) {
            Batch batch = batches.get(step);
            if (!digest(batch).equals(digest)) throw new IllegalStateException("step " + step + " has another digest");
            return batch;
        }

        private static String digest(Batch batch) {
            return batch.groups().stream().map(g -> g.group().id()).toList().toString();
        }
    }
}
