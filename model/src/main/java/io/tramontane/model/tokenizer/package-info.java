/**
 * A model's tokenizer. Comes in: its files, in Hugging Face form or out of a GGUF file. Goes out: token ids of a text;
 * control tokens only where the text is ours. Read {@link io.tramontane.model.tokenizer.HuggingFaceTokenizer} first.
 */
package io.tramontane.model.tokenizer;
