package io.tramontane.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Slots whose next tokens are guessed, as rows of one pass: slot by slot the newest token and the guesses behind it.
 *
 * @param request [N] rows of one step
 * @param counts [R] rows of each slot
 * @param firsts [R] where each slot's region begins
 * @param capacities [R] how long it is
 * @param steps M, rows of the slot that has most
 */
record GuessedRows(DecodeRequest request, long[] counts, long[] firsts, long[] capacities, int steps) {
    static GuessedRows of(DecodeRequest request, List<int[]> guesses, CacheRegions regions) {
        int slots = request.rows();
        int longest = guesses.stream().mapToInt(each -> each.length).max().orElse(0);
        if (guesses.size() != slots || request.steps() != longest + 1)
            throw new IllegalArgumentException(guesses.size() + " guesses of at most " + longest + " tokens for "
                    + slots + " slots and " + request.steps() + " steps");
        if (!request.allowed().isEmpty() || Arrays.stream(request.forced()).anyMatch(token -> token >= 0))
            throw new IllegalArgumentException("tokens are guessed only where none is forced and all are allowed");
        int rows = slots + guesses.stream().mapToInt(each -> each.length).sum();
        long[] tokens = new long[rows];
        long[] positions = new long[rows];
        float[] uniforms = new float[rows];
        boolean[] greedy = new boolean[rows];
        long[] forced = new long[rows];
        Arrays.fill(forced, -1);
        List<SamplingParameters> sampling = new ArrayList<>(request.sampling());
        if (sampling.size() > 1) sampling.clear();
        long[] counts = new long[slots];
        long[] firsts = new long[slots];
        long[] capacities = new long[slots];
        int row = 0;
        for (int slot = 0; slot < slots; slot++) {
            int[] guess = guesses.get(slot);
            counts[slot] = guess.length + 1L;
            firsts[slot] = regions.first(slot);
            capacities[slot] = regions.capacity(slot);
            for (int step = 0; step <= guess.length; step++, row++) {
                tokens[row] = step == 0 ? request.newest()[slot] : guess[step - 1];
                positions[row] = request.positions()[slot] + step;
                uniforms[row] = request.uniforms()[step * slots + slot];
                greedy[row] = request.greedy()[slot];
                if (request.sampling().size() > 1)
                    sampling.add(request.sampling().get(slot));
            }
        }
        return new GuessedRows(
                new DecodeRequest(
                        tokens, positions, uniforms, greedy, forced, sampling, List.of(), request.topLogprobs()),
                counts,
                firsts,
                capacities,
                longest + 1);
    }

    /** What was decided for the rows, as [steps, R]; numbers of a step that a slot has no row for are 0. */
    DecodedTokens bySlot(DecodedTokens flat) {
        int slots = counts.length;
        int best = flat.best();
        boolean details = flat.details().length > 0;
        long[] tokens = new long[steps * slots];
        float[] logprobs = new float[steps * slots];
        float[] others = new float[details ? 2 * steps * slots : 0];
        long[] bestTokens = new long[steps * slots * best];
        float[] bestLogprobs = new float[steps * slots * best];
        int row = 0;
        for (int slot = 0; slot < slots; slot++)
            for (int step = 0; step < counts[slot]; step++, row++) {
                int at = step * slots + slot;
                tokens[at] = flat.tokens()[row];
                logprobs[at] = flat.logprobs()[row];
                if (details) {
                    others[2 * step * slots + slot] = flat.rawLogprob(0, row);
                    others[(2 * step + 1) * slots + slot] = flat.processedLogprob(0, row);
                }
                System.arraycopy(flat.bestTokens(), row * best, bestTokens, at * best, best);
                System.arraycopy(flat.bestLogprobs(), row * best, bestLogprobs, at * best, best);
            }
        return new DecodedTokens(slots, tokens, logprobs, others, bestTokens, bestLogprobs);
    }
}
