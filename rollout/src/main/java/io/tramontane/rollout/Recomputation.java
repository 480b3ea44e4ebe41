package io.tramontane.rollout;

import io.tramontane.model.DecodingSession;
import io.tramontane.model.PromptCache;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes keys and values of live sequences again, in the slots where they lie: first one prompt of each group, which is
 * then copied to its other slots, then what the completions have so far. Passes are those of prompts, without padding and of
 * a bounded number of tokens, so that it takes no memory beside a pass.
 */
final class Recomputation {
    private final DecodingSession session;
    private final int passTokens;

    /** With at most {@code passTokens} tokens in a pass. */
    Recomputation(DecodingSession session, int passTokens) {
        this.session = session;
        this.passTokens = passTokens;
    }

    /** For all slots that are not null. */
    void run(CompletionInProgress[] slots) {
        Map<RequestInProgress, List<Integer>> groups = new LinkedHashMap<>();
        for (int slot = 0; slot < slots.length; slot++)
            if (slots[slot] != null)
                groups.computeIfAbsent(slots[slot].of, of -> new ArrayList<>()).add(slot);
        List<PromptCache> prompts = new ArrayList<>();
        List<PromptCache> completions = new ArrayList<>();
        try {
            groups.forEach((group, places) ->
                    prompts.add(session.inSlot(places.get(0), group.request.beforeTheFirstDecoded(), 0)));
            compute(prompts);
            groups.forEach((group, places) -> {
                int prompt = group.request.beforeTheFirstDecoded().length;
                for (int slot : places) {
                    if (slot != places.get(0)) session.copy(places.get(0), slot, prompt);
                    completions.add(session.inSlot(slot, slots[slot].cached(), prompt));
                }
            });
            compute(completions);
        } finally {
            prompts.forEach(PromptCache::close);
            completions.forEach(PromptCache::close);
        }
    }

    private void compute(List<PromptCache> sequences) {
        while (sequences.stream().anyMatch(sequence -> sequence.missing() > 0)) session.prefill(sequences, passTokens);
    }
}
