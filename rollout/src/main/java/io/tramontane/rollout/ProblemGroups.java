package io.tramontane.rollout;

import io.tramontane.data.Group;
import io.tramontane.model.WeightSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Groups of problems from a {@link Generator}, which knows requests only. Closing it closes the generator. */
public final class ProblemGroups implements GroupGenerator {
    private final Generator generator;
    private final Map<Long, GroupRequest> requests = new HashMap<>();

    /** Over a generator that nobody else asks. */
    public ProblemGroups(Generator generator) {
        this.generator = generator;
    }

    /** Queues a group; its completions start as slots become free. */
    @Override
    public void submit(GroupRequest request) {
        if (requests.containsKey(request.id()))
            throw new IllegalArgumentException("group " + request.id() + " is being sampled already");
        generator.submit(request.completions(), request.begun());
        requests.put(request.id(), request);
    }

    @Override
    public List<Group> step() {
        return generator.step().stream()
                .map(done -> requests.remove(done.request().id()).group(done))
                .toList();
    }

    @Override
    public List<Group> begun() {
        return generator.begun().stream()
                .map(begun -> requests.get(begun.request().id()).group(begun))
                .toList();
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
