package io.tramontane.trainer;

import io.tramontane.model.ComputeDevice;
import io.tramontane.model.Numerics;

/**
 * How and where a trainer computes log-probabilities.
 *
 * @param temperature that of sampling
 * @param numerics that of sampling
 * @param device of the policy and of a reference policy
 */
public record Computation(double temperature, Numerics numerics, ComputeDevice device) {}
