package io.tramontane.cluster.roles;

import io.tramontane.data.Group;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.Generator;
import io.tramontane.rollout.GroupRequest;
import java.util.List;

/** A {@link Generator} and the tokenizer that it alone uses. */
record GeneratorSampler(Generator generator, Tokenizer tokenizer) implements Sampler {
    @Override
    public void submit(GroupRequest request) {
        generator.submit(request);
    }

    @Override
    public List<Group> step() {
        return generator.step();
    }

    @Override
    public int live() {
        return generator.live();
    }

    @Override
    public int freeSlots() {
        return generator.freeSlots();
    }

    @Override
    public void swap(WeightSnapshot weights) {
        generator.swap(weights);
    }

    @Override
    public float[] score(int[] tokens, int from) {
        return generator.score(tokens, from);
    }

    @Override
    public void close() {
        generator.close();
        tokenizer.close();
    }
}
