/**
 * Chat templates: Jinja texts that come with a model and are rendered as transformers renders them. In: a template (untrusted)
 * and JSON values; out: text that knows which of its characters came with the values. {@code TemplateParts} cuts a template into text
 * and tags, {@code Statements} and {@code Expressions} read these into trees that run themselves over a {@code Scope}; no value is
 * ever asked for a Java property or method. Read {@code JinjaTemplate} first.
 */
package io.tramontane.model.jinja;
