package io.tramontane.app;

import io.tramontane.data.Group;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.rollout.GroupRequest;
import java.util.List;

/** Another generator as it is; a test overrides what it watches or changes. */
abstract class ForwardingGenerator implements GroupGenerator {
    final GroupGenerator generator;

    ForwardingGenerator(GroupGenerator generator) {
        this.generator = generator;
    }

    @Override
    public void submit(GroupRequest request) {
        generator.submit(request);
    }

    @Override
    public List<Group> step() {
        return generator.step();
    }

    @Override
    public List<Group> begun() {
        return generator.begun();
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
    public int version() {
        return generator.version();
    }

    @Override
    public float[] score(int[] tokens, int from) {
        return generator.score(tokens, from);
    }

    @Override
    public void close() {
        generator.close();
    }
}
