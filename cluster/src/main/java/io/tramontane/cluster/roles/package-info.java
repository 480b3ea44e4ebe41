/**
 * The three roles and the driver's side of them. Comes in: a {@link io.tramontane.cluster.roles.RunPlan}. Goes out: a
 * trained policy, rows and samples to a {@link io.tramontane.cluster.roles.RunListener}.
 *
 * <pre>
 *                       lease, watch, swapped              groups to score, rewards
 *   GeneratorRole ───────────────────────────►  Driver  ◄─────────────────────────── VerifierRole
 *        │               finished groups           ▲
 *        │                                         │ next batch, stepped, saved
 *        └─────────── weights (Flight) ─────── TrainerRole
 * </pre>
 *
 * No call waits for ever: a question that may take long is asked again and again, each time for a second or less. What the
 * driver knows of the run is in {@link io.tramontane.cluster.roles.RunState}, its phases in {@code RunPhase}. Read the loops
 * first: {@link io.tramontane.cluster.roles.GeneratorRole}, {@link io.tramontane.cluster.roles.VerifierRole}, {@link
 * io.tramontane.cluster.roles.TrainerRole}.
 */
package io.tramontane.cluster.roles;
