/**
 * Answers that are JSON objects: which tokens keep a text one. Comes in: the bytes of a vocabulary. Goes out: a {@link
 * io.tramontane.rollout.TokenMask} for each completion. Read {@link io.tramontane.rollout.json.JsonMasks} first.
 */
package io.tramontane.rollout.json;
