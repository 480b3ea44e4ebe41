package io.tramontane.cluster.roles;

import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.rollout.GroupRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Eight slots; a step finishes the oldest group with completions of four tokens by the version that is in use. If it drains,
 * new weights wait until all groups are finished.
 */
final class ScriptedGenerator implements GroupGenerator {
    private static final int SLOTS = 8;

    final List<GroupRequest> submitted = new ArrayList<>();
    final List<Integer> versions = new ArrayList<>();
    float[] logprobs = {-1, -1};
    boolean drains;
    int given; // the newest version
    int scored; // how often it was asked for log-probabilities
    boolean closed;
    List<Group> begun = List.of();
    private WeightSnapshot waiting;
    private final Deque<GroupRequest> queue = new ArrayDeque<>();

    /** Begins with these weights. */
    ScriptedGenerator with(WeightSnapshot weights) {
        swap(weights);
        return this;
    }

    @Override
    public void submit(GroupRequest request) {
        submitted.add(request);
        queue.add(request);
    }

    @Override
    public List<Group> step() {
        GroupRequest done = queue.poll();
        if (done == null) return List.of();
        int version = versions.get(versions.size() - 1);
        Completion completion = new Completion(
                new int[] {9, 8, 7, 6},
                new float[] {-1, -1, -1, -1},
                new int[] {version, version, version, version},
                true,
                "<think>x</think>\\boxed{1}");
        if (waiting != null && live() == 0) {
            versions.add(waiting.version());
            waiting = null;
        }
        return List.of(new Group(
                done.id(), done.problem(), done.promptTokens(), Collections.nCopies(done.samples(), completion)));
    }

    @Override
    public List<Group> begun() {
        return begun;
    }

    @Override
    public int live() {
        return queue.size();
    }

    @Override
    public int freeSlots() {
        return SLOTS - queue.stream().mapToInt(GroupRequest::samples).sum();
    }

    @Override
    public void swap(WeightSnapshot weights) {
        given = weights.version();
        if (drains && live() > 0) waiting = weights;
        else versions.add(weights.version());
    }

    @Override
    public int version() {
        return versions.get(versions.size() - 1);
    }

    @Override
    public float[] score(int[] tokens, int from) {
        scored++;
        return logprobs;
    }

    @Override
    public void close() {
        closed = true;
    }
}
