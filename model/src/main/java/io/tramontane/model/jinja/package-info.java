/**
 * Chat templates: Jinja texts that come with a model and are rendered as transformers renders them. In: a template
 * (untrusted) and JSON values; out: text in which characters that came with the values are marked. {@code TemplateParts}
 * cuts a template into text and tags, {@code Statements} and {@code Expressions} read these into trees that are run over
 * a {@code Scope}; templates never reach Java properties or methods. Read {@code JinjaTemplate} first.
 */
package io.tramontane.model.jinja;
