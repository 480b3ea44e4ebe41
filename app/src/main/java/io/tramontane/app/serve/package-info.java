/**
 * The server of {@code tramontane serve}: OpenAI's API over one {@link io.tramontane.rollout.Generator}. Comes in: HTTP
 * requests; goes out: JSON, or chunks as server-sent events. {@code Api} has the paths; a request is read on a worker thread
 * ({@code ChatReader}, {@code CallReader}), sampled by {@code Engine}, and told as {@code ChatAnswer} or {@code TextAnswer}.
 * <pre>
 *  network (1) -> readers (2): JSON, template, tokens -> engine (1): Generator -> teller (1): text, JSON -> network
 * </pre>
 */
package io.tramontane.app.serve;
