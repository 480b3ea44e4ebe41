/**
 * The policy: its TorchScript program ({@code policy.py}, {@code training.py}, {@code generation.py}), the flat weights, checkpoints in Hugging Face form and out of
 * GGUF files; tokenizer and chat templates in packages of their own. Comes in: a checkpoint or a {@link
 * io.tramontane.model.WeightSnapshot}. Goes out: log-probabilities, gradients, new snapshots. Read {@code
 * src/main/resources/policy/policy.py} first, then {@link io.tramontane.model.Policy}; for files, {@link
 * io.tramontane.model.Checkpoint}.
 */
package io.tramontane.model;
