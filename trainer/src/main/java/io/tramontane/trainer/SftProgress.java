package io.tramontane.trainer;

/**
 * How far supervised fine-tuning has come.
 *
 * @param step optimizer steps done
 * @param steps optimizer steps in all
 * @param loss nats per completion token of the last batch
 * @param tokens completion tokens trained so far
 */
public record SftProgress(int step, int steps, double loss, long tokens) {}
