/**
 * The GGUF file format (the form in which small models are often shipped): metadata and the tensor table. Comes in: a
 * file that nobody vouches for. Goes out: {@link io.tramontane.model.gguf.GgufFile}, with every number checked against the
 * file's size. Weights are decoded in the room {@code model}, the tokenizer in {@code data}.
 */
package io.tramontane.model.gguf;
