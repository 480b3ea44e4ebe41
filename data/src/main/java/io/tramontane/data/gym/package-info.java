/**
 * The gym: an endless, seeded source of problems with known answers in seven languages, and worked traces of them for the
 * cold start. Comes in: a {@link io.tramontane.data.gym.GymConfig} and a seed. Goes out: {@link io.tramontane.data.Problem}
 * by index. A {@link io.tramontane.data.gym.Family} draws an exercise without any language (what is asked), the exercise
 * is then told in one. Training and evaluation are cut by a hash of what is asked, so that a held-out problem is not even
 * a translation of a training problem. Read {@link io.tramontane.data.gym.Gym} first, then
 * {@link io.tramontane.data.gym.ChainFamily}. Sentences are in the resources {@code gym/FAMILY/LANGUAGE.json}.
 */
package io.tramontane.data.gym;
