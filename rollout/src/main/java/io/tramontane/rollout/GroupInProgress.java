package io.tramontane.rollout;

import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import java.util.Arrays;

/** A group between its request and its last completion; its prompt is computed once, when slots are free for it. */
final class GroupInProgress {
    final GroupRequest request;
    private final Completion[] completions;
    private int started;
    private int finished;
    private Prefix prefix;

    GroupInProgress(GroupRequest request) {
        this.request = request;
        this.completions = new Completion[request.samples()];
    }

    int waiting() {
        return completions.length - started;
    }

    /** The prompt but for its last token, whose decoding gives the first log-probability; perhaps not all computed yet. */
    Prefix prefix(Decoder decoder) {
        int[] context = request.context();
        if (prefix == null) prefix = decoder.prefix(Arrays.copyOf(context, context.length - 1));
        return prefix;
    }

    /** Whether its completions can start. */
    boolean ready() {
        return prefix != null && prefix.missing() == 0;
    }

    /** The next completion that has no slot yet; its prompt's keys and values are put into that slot. */
    Sequence start(Decoder decoder, int slot, Stop stop) {
        decoder.fill(prefix, slot);
        Sequence sequence = new Sequence(this, started++, stop.longest().applyAsInt(request), decoder.version());
        if (waiting() == 0) close();
        return sequence;
    }

    /** Stores a completion; true when it was the last one. */
    boolean finish(int index, Completion completion) {
        completions[index] = completion;
        return ++finished == completions.length;
    }

    Group toGroup() {
        return new Group(request.id(), request.problem(), request.promptTokens(), Arrays.asList(completions));
    }

    void close() {
        if (prefix != null) prefix.close();
        prefix = null;
    }
}
