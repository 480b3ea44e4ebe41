package io.tramontane.rewards;

/**
 * The soft length penalty (paper section 2.2.3, equation 1), in tokens:
 *
 * <pre>
 *   0                                          length <= maxLength - lengthCache
 *   -weight * (length - maxLength + lengthCache) / lengthCache       in between
 *   -weight                                    length >  maxLength
 * </pre>
 *
 * @param maxLength l_max
 * @param lengthCache l_cache
 * @param weight the largest penalty, {@link RewardWeights#length}
 */
public record LengthPenalty(int maxLength, int lengthCache, double weight) {
    /** The penalty, -weight to 0, for |y| = length tokens; 0 for a negative length, which means unknown. */
    public double of(int length) {
        int over = length - (maxLength - lengthCache);
        if (length < 0 || over <= 0) return 0.0;
        if (length > maxLength) return -weight;
        return -weight * over / lengthCache;
    }
}
