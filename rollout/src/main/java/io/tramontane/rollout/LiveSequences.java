package io.tramontane.rollout;

import io.tramontane.model.DecodingSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The completions of a generator that have started and are not finished: in slots, neighbours from slot 0 on, or paused. Where
 * slots share the cache's positions and a sequence finds no room to grow, the one that started last is paused: its keys and
 * values are forgotten, its tokens stay. When there is room again, it gets a slot and they are computed anew. The one that
 * started first always finds room, so all come to their end.
 */
final class LiveSequences {
    private final DecodingSession session;
    private final Recomputation recomputation;
    private final int steps;
    private final CompletionInProgress[] slots;
    private final NavigableMap<Long, CompletionInProgress> paused = new TreeMap<>();
    private int used;
    private long started;
    private long pauses;

    /** @param steps most tokens per slot in one call, for which each slot has room before it */
    LiveSequences(DecodingSession session, Recomputation recomputation, int slots, int steps) {
        this.session = session;
        this.recomputation = recomputation;
        this.slots = new CompletionInProgress[slots];
        this.steps = steps;
    }

    /** Slots that have a completion. */
    int used() {
        return used;
    }

    /** Completions that have started and are not finished. */
    int count() {
        return used + paused.size();
    }

    /** Completions that can start beside the live ones. */
    int free() {
        return slots.length - count();
    }

    /** How often a completion was paused. */
    long pauses() {
        return pauses;
    }

    /** Null for a free slot. */
    CompletionInProgress at(int slot) {
        return slots[slot];
    }

    /** Positions of the cache for completions that are still to start: none while some are paused. */
    long room() {
        return paused.isEmpty() ? session.free() : 0;
    }

    /** Positions that a request's completion takes of them when it starts. */
    int taken(RequestInProgress request) {
        return session.capacityFor(positions(request));
    }

    private int positions(RequestInProgress request) {
        return ahead(request.request.beforeTheFirstDecoded().length);
    }

    /** A slot with room for a completion of this request; -1 if there is none, or paused ones come first. */
    int slotFor(RequestInProgress request) {
        if (!paused.isEmpty()) return -1;
        int slot = Arrays.asList(slots).indexOf(null);
        return slot >= 0 && session.reserve(slot, positions(request)) ? slot : -1;
    }

    /** The completion that starts in a slot. */
    void start(int slot, CompletionInProgress completion) {
        completion.order = started++;
        put(slot, completion);
    }

    /** A completion that has tokens already: it waits as if it had been paused. */
    void goOn(CompletionInProgress completion) {
        completion.order = started++;
        paused.put(completion.order, completion);
    }

    private void put(int slot, CompletionInProgress completion) {
        slots[slot] = completion;
        used++;
    }

    /** Frees a slot; live slots are neighbours again after {@link #arrange}. */
    void clear(int slot) {
        slots[slot] = null;
        session.release(slot);
        used--;
    }

    /** Gives all completions of a request up; false if there are none. */
    boolean cancel(long id) {
        boolean found =
                paused.values().removeIf(completion -> completion.request().id() == id);
        for (int slot = 0; slot < slots.length; slot++) {
            if (slots[slot] == null || slots[slot].request().id() != id) continue;
            clear(slot);
            found = true;
        }
        return found;
    }

    /** The last live slots move into the gaps. */
    private void closeGaps() {
        int last = slots.length - 1;
        for (int slot = 0; slot < used; slot++) {
            if (slots[slot] != null) continue;
            while (slots[last] == null) last--;
            session.move(last, slot, (int) slots[last].position());
            slots[slot] = slots[last];
            slots[last] = null;
        }
    }

    /** Computes keys and values of all live slots again. */
    void recompute() {
        recomputation.run(slots);
    }

    /** Paused completions go on, in the order in which they started, as far as there is room. */
    void resume() {
        if (paused.isEmpty()) return;
        CompletionInProgress[] resumed = new CompletionInProgress[slots.length];
        for (Iterator<CompletionInProgress> all = paused.values().iterator(); all.hasNext(); ) {
            CompletionInProgress next = all.next();
            int slot = Arrays.asList(slots).indexOf(null);
            if (slot < 0 || !session.reserve(slot, positions(next))) break;
            all.remove();
            put(slot, next);
            resumed[slot] = next;
        }
        recomputation.run(resumed);
    }

    /** Every live slot gets room for the next call, the completions that started last being paused for it if need be. */
    void makeRoom() {
        List<CompletionInProgress> live = new ArrayList<>(Arrays.asList(slots));
        live.removeIf(Objects::isNull);
        live.sort(Comparator.comparingLong(completion -> completion.order));
        for (int oldest = 0; oldest < live.size(); oldest++) {
            int slot = slotOf(live.get(oldest));
            while (slots[slot] != null && !session.reserve(slot, positions(slots[slot])))
                pause(live.remove(live.size() - 1)); // perhaps itself
        }
    }

    /** Live slots become neighbours, as their regions lie in the cache. */
    void arrange() {
        closeGaps();
        CompletionInProgress[] before = slots.clone();
        int[] order = session.arrange(used);
        for (int slot = 0; slot < used; slot++) slots[slot] = before[order[slot]];
    }

    private int slotOf(CompletionInProgress completion) {
        return Arrays.asList(slots).indexOf(completion);
    }

    private void pause(CompletionInProgress completion) {
        clear(slotOf(completion));
        paused.put(completion.order, completion);
        pauses++;
    }

    private int positions(CompletionInProgress completion) {
        return ahead((int) completion.position());
    }

    private int ahead(int position) {
        return Math.min(position + steps, session.positions()); // guesses end where the completion must
    }
}
