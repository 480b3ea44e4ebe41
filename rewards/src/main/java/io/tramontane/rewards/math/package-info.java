/**
 * Decides whether two mathematical answers are equal. Comes in: the reference and the content of the last box, as
 * LaTeX or plain text. Goes out: a {@link io.tramontane.rewards.math.Judgement} that names the rule. Read {@link
 * io.tramontane.rewards.math.MathAnswers} first, then {@code Comparer}; the rules are in docs/rewards-maths.md.
 */
package io.tramontane.rewards.math;
