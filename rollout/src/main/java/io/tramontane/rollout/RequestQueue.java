package io.tramontane.rollout;

import io.tramontane.model.DecodingSession;
import io.tramontane.model.PromptCache;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The requests of a generator that are not finished. Free slots take those completions that wait in the order of their
 * requests. Prompts are computed for free slots only, several in one pass and some tokens between two decode steps, so that a
 * long one does not hold up live slots.
 */
final class RequestQueue {
    private final DecodingSession session;
    private final LiveSequences live;
    private final Stop stop;
    private final int prefillTokens;
    private final Set<RequestInProgress> all = new LinkedHashSet<>();
    private final Deque<RequestInProgress> queue = new ArrayDeque<>(); // some of their completions wait
    private final List<RequestInProgress> begunToTheEnd = new ArrayList<>();
    private int waiting;

    /** @param prefillTokens most tokens of prompts that one pass computes */
    RequestQueue(DecodingSession session, LiveSequences live, Stop stop, int prefillTokens) {
        this.session = session;
        this.live = live;
        this.stop = stop;
        this.prefillTokens = prefillTokens;
    }

    /** A request, of which completions may have begun. */
    void add(RequestInProgress request) {
        all.add(request);
        if (request.complete()) begunToTheEnd.add(request);
        if (request.waiting() > 0) queue.add(request);
        waiting += request.waiting();
    }

    /** Requests. */
    int size() {
        return all.size();
    }

    /** Completions that have not started. */
    int waiting() {
        return waiting;
    }

    /** What was sampled of all requests. */
    List<CompletedRequest> soFar() {
        return all.stream().map(RequestInProgress::soFar).toList();
    }

    /** A request is given up; what is live of it is not looked at. */
    void cancel(long id) {
        begunToTheEnd.removeIf(request -> request.request.id() == id);
        for (Iterator<RequestInProgress> each = queue.iterator(); each.hasNext(); ) {
            RequestInProgress request = each.next();
            if (request.request.id() != id) continue;
            waiting -= request.waiting();
            request.close();
            each.remove();
        }
        all.removeIf(request -> request.request.id() == id);
    }

    /** Its last completion is finished. */
    void finished(RequestInProgress request) {
        all.remove(request);
    }

    /** Requests that had begun to their end when they came; they are told once. */
    List<CompletedRequest> takeBegunToTheEnd() {
        List<CompletedRequest> complete = new ArrayList<>();
        for (RequestInProgress request : begunToTheEnd) complete.add(request.completed());
        begunToTheEnd.forEach(all::remove);
        begunToTheEnd.clear();
        return complete;
    }

    /** Forgets keys and values of prompts: those of older weights must not be used. */
    void forgetPrompts() {
        queue.forEach(RequestInProgress::close);
    }

    /** Computes prompts, as far as there are slots and room for their completions. */
    void prefill() {
        List<RequestInProgress> next = new ArrayList<>();
        int free = live.free();
        long room = live.room();
        int missing = 0;
        for (RequestInProgress request : queue) {
            int taken = live.taken(request);
            if (free <= 0 || room < taken) break;
            next.add(request);
            free -= request.waiting();
            room -= (long) request.waiting() * taken;
            missing += request.missing();
        }
        int budget = prefillTokens;
        if (missing > budget && next.size() > 1) {
            // The oldest gets half, the others the rest, the shortest first: none waits for all of a long one.
            budget -= prefill(next.subList(0, 1), Math.max(1, budget / 2));
            next.subList(1, next.size()).sort(Comparator.comparingInt(RequestInProgress::missing));
            next = next.subList(1, next.size());
        }
        prefill(next, budget);
    }

    /** Computes prompts in this order, at most so many tokens; returns how many. Only those of this pass take memory. */
    private int prefill(List<RequestInProgress> next, int budget) {
        List<PromptCache> prompts = new ArrayList<>();
        int left = budget;
        for (RequestInProgress request : next) {
            if (left <= 0) break;
            left -= Math.min(left, request.missing());
            prompts.add(request.promptCache(session));
        }
        session.prefill(prompts, budget);
        return budget - left;
    }

    /** Completions whose prompt is computed start in free slots, with weights of {@code version}. */
    void start(int version) {
        Iterator<RequestInProgress> each = queue.iterator();
        RequestInProgress next = nextReady(each);
        while (next != null) {
            int slot = live.slotFor(next);
            if (slot < 0) break;
            live.start(slot, next.start(session, slot, stop.longest().applyAsInt(next.request), version));
            waiting--;
            if (next.waiting() > 0) continue;
            each.remove();
            next = nextReady(each);
        }
    }

    /** The oldest request behind the iterator whose prompt is computed; null if there is none. */
    private static RequestInProgress nextReady(Iterator<RequestInProgress> each) {
        while (each.hasNext()) {
            RequestInProgress request = each.next();
            if (request.ready()) return request;
        }
        return null;
    }
}
