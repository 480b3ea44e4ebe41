/**
 * The GGUF file format (the form in which small models are often shipped): metadata and the tensor table. Comes in: an
 * untrusted file. Goes out: {@link io.tramontane.model.gguf.GgufFile}, with every number checked against the file's size.
 * Weights are decoded in the package above; the tokenizer becomes the files that Hugging Face would ship.
 */
package io.tramontane.model.gguf;
