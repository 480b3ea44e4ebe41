/**
 * The time and the traffic of a training step, by arithmetic alone. In: a config, the shape of a model, given rates. Out:
 * seconds, bytes, and what limits. Read {@link io.tramontane.app.plan.StepPlan} first; docs/plan.md has the formula.
 */
package io.tramontane.app.plan;
