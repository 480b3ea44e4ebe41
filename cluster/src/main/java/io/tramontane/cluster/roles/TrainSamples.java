package io.tramontane.cluster.roles;

import io.tramontane.cluster.run.Sample;
import io.tramontane.data.Batch;
import io.tramontane.data.ScoredGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which trained completions a person gets to read: the best and the worst of the batch's first two groups. */
final class TrainSamples {
    private static final int GROUPS = 2;

    private TrainSamples() {}

    static List<Sample> of(Batch batch) {
        List<Sample> samples = new ArrayList<>();
        for (ScoredGroup group :
                batch.groups().subList(0, Math.min(GROUPS, batch.groups().size()))) {
            double[] rewards = group.values();
            int best = IntStream.range(0, rewards.length).reduce(0, (a, b) -> rewards[b] > rewards[a] ? b : a);
            int worst = IntStream.range(0, rewards.length).reduce(0, (a, b) -> rewards[b] < rewards[a] ? b : a);
            for (int i : new int[] {best, worst})
                samples.add(new Sample(
                        batch.step(),
                        Sample.Phase.TRAIN,
                        group.group().problem(),
                        group.group().completions().get(i),
                        group.rewards().get(i)));
        }
        return samples;
    }
}
