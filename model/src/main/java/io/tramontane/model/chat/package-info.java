/**
 * How a problem becomes the text of a prompt: our own templates and the one that comes with a model. Comes in: a problem and
 * a model's files. Goes out: text in which every character is marked as ours or as data.
 * Read {@link
 * io.tramontane.model.chat.ModelChat} first.
 */
package io.tramontane.model.chat;
