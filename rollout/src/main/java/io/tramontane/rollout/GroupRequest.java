package io.tramontane.rollout;

import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A request for the completions of a problem that are compared with each other.
 *
 * @param problem is passed on to the finished group
 * @param completions what is sampled; its id is the ledger's number of the group
 * @param begun what was sampled of each completion before, see {@link Generator#submit(CompletionRequest, List)}; empty for
 *     nothing
 */
public record GroupRequest(Problem problem, CompletionRequest completions, List<Completion> begun) {
    /** Nothing was sampled before. */
    public GroupRequest(Problem problem, CompletionRequest completions) {
        this(problem, completions, List.of());
    }

    /** Sampled as the generator's config says. */
    public GroupRequest(
            long id,
            Problem problem,
            int[] promptTokens,
            int[] openingTokens,
            int samples,
            boolean greedy,
            int maxTokens) {
        this(
                problem,
                CompletionRequest.of(id, promptTokens)
                        .opening(openingTokens)
                        .samples(samples)
                        .greedy(greedy)
                        .maxTokens(maxTokens)
                        .build());
    }

    /** As long as the generator's config allows. */
    public GroupRequest(
            long id, Problem problem, int[] promptTokens, int[] openingTokens, int samples, boolean greedy) {
        this(id, problem, promptTokens, openingTokens, samples, greedy, 0);
    }

    /** The same, going on with what was sampled before; empty where that was sampled for another request. */
    public Optional<GroupRequest> goingOn(Group before) {
        boolean same = before.id() == id()
                && Arrays.equals(before.promptTokens(), promptTokens())
                && before.completions().size() == samples()
                && before.completions().stream().allMatch(this::fits);
        return same ? Optional.of(new GroupRequest(problem, completions, before.completions())) : Optional.empty();
    }

    private boolean fits(Completion before) {
        int[] opening = openingTokens();
        if (before.length() == 0) return true;
        return before.length() >= opening.length
                && Arrays.equals(opening, Arrays.copyOf(before.tokens(), opening.length))
                && (maxTokens() == 0 || before.length() <= maxTokens());
    }

    /** The ledger's number. */
    public long id() {
        return completions.id();
    }

    /** The prompt. */
    public int[] promptTokens() {
        return completions.promptTokens();
    }

    /** Forced start of every completion. */
    public int[] openingTokens() {
        return completions.openingTokens();
    }

    /** Number of completions. */
    public int samples() {
        return completions.samples();
    }

    /** Whether the most likely tokens are taken. */
    public boolean greedy() {
        return completions.greedy();
    }

    /** Longest completion in tokens; 0 is the generator's. */
    public int maxTokens() {
        return completions.maxTokens();
    }

    /** The group of what was sampled. */
    Group group(CompletedRequest done) {
        return new Group(id(), problem, promptTokens(), List.copyOf(done.completions()));
    }
}
