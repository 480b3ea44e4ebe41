package io.tramontane.trainer;

import io.tramontane.model.Slopes;
import io.tramontane.trainer.loss.Measures;
import io.tramontane.trainer.loss.Objective;
import io.tramontane.trainer.loss.TokenBatch;

/** Asks an objective for the slopes of a microbatch's completion tokens while its pass goes back. */
final class LossSlopes implements Slopes {
    private final Objective objective;
    private final LossInput input;
    private final Measures measures;
    private TokenBatch batch;

    /**
     * Of one microbatch.
     *
     * @param measures gets what the objective measures
     */
    LossSlopes(Objective objective, LossInput input, Measures measures) {
        this.objective = objective;
        this.input = input;
        this.measures = measures;
    }

    @Override
    public void fill(int from, int to, float[] logprobs, float[] entropies, float[] slope, float[] entropySlope) {
        if (batch == null || batch.logprobs() != logprobs) batch = input.with(logprobs);
        objective.fill(batch, from, to, entropies, slope, entropySlope, measures);
    }
}
