package io.tramontane.rollout;

import io.tramontane.data.Completion;
import java.util.List;

/** A request with all of its completions, in their order. */
public record CompletedRequest(CompletionRequest request, List<Completion> completions) {}
