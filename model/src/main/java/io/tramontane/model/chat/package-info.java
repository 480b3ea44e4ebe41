/**
 * How a problem becomes the text of a prompt: our own templates and the one that comes with a model. Comes in: a problem and
 * a model's files. Goes out: text that knows of every character whether it is ours or came with data. Read {@link
 * io.tramontane.model.chat.ModelChat} first.
 */
package io.tramontane.model.chat;
