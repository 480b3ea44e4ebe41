package io.tramontane.cluster.flight;

import io.tramontane.model.VectorRange;
import java.util.List;

/**
 * The weights of one version can be fetched.
 *
 * @param version the policy version
 * @param digest SHA-256 of theta in hexadecimal
 * @param sources where to fetch them, by trainer rank; together they have every number once
 * @param canary what the trainer makes of the canary sequence with these weights
 */
public record Offer(int version, String digest, List<Source> sources, Canary canary) {
    /** Refuses one that nobody could fetch. */
    public Offer {
        required(digest, sources);
        required(sources.toArray());
    }

    private static void required(Object... parts) {
        for (Object part : parts)
            if (part == null) throw new IllegalArgumentException("an offer of weights lacks a part");
    }

    /**
     * What one rank serves.
     *
     * @param server of the rank
     * @param ranges of theta, in the order in which they are sent; none goes beyond one tensor
     * @param checksums CRC32C of each range
     */
    public record Source(Address server, List<VectorRange> ranges, List<Long> checksums) {
        /** Refuses one that nobody could fetch. */
        public Source {
            required(server, ranges, checksums);
            required(ranges.toArray());
            required(checksums.toArray());
        }
    }

    /**
     * A short sequence that trainer and generator both score with the same weights.
     *
     * @param tokens the sequence
     * @param from first token that is scored
     * @param logprobs [tokens - from] the trainer's log-probabilities
     */
    public record Canary(int[] tokens, int from, float[] logprobs) {
        /** Refuses one that cannot be scored. */
        public Canary {
            required(tokens, logprobs);
        }

        /** Mean of exp(d) - 1 - d over the tokens, d = the trainer's log-probability minus ours; never negative. */
        public double meanKl(float[] ours) {
            double sum = 0;
            for (int t = 0; t < ours.length; t++) {
                double d = (double) logprobs[t] - ours[t];
                sum += Math.expm1(d) - d;
            }
            return sum / ours.length;
        }
    }
}
