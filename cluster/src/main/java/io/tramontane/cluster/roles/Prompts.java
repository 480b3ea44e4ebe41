package io.tramontane.cluster.roles;

import io.tramontane.data.ChatTemplate;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.Tokenizer;
import io.tramontane.rollout.GroupRequest;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** Problems by number as requests to a generator. */
public final class Prompts {
    private static final int CANARY_TOKENS = 32;

    private final ProblemSource training;
    private final ProblemSource evaluation;
    private final ChatTemplate template;
    private final Tokenizer tokenizer;
    private final int groupSize;

    /** The two sources, and how a problem becomes tokens. */
    public Prompts(
            ProblemSource training,
            ProblemSource evaluation,
            ChatTemplate template,
            Tokenizer tokenizer,
            int groupSize) {
        this.training = training;
        this.evaluation = evaluation;
        this.template = template;
        this.tokenizer = tokenizer;
        this.groupSize = groupSize;
    }

    /** The group of a training problem. */
    GroupRequest training(long group) {
        Problem problem = training.get(group);
        return new GroupRequest(group, problem, tokens(problem), new int[0], groupSize, false);
    }

    /** Completions of an evaluation problem; the group's number is the problem's. */
    GroupRequest evaluation(int index, int samples) {
        Problem problem = evaluation.get(index);
        return new GroupRequest(index, problem, tokens(problem), new int[0], samples, false);
    }

    /** One greedy completion with the opening of a detailed thought forced; empty where the source has none. */
    Optional<GroupRequest> forced(long id, int index) {
        Problem problem = evaluation.get(index);
        return opening(problem)
                .map(text -> new GroupRequest(id, problem, tokens(problem), tokenizer.encode(text), 1, true));
    }

    /** How many evaluation problems there are, at most {@code most}. */
    int evaluationProblems(int most) {
        return (int) Math.min(most, evaluation.size().orElse(most));
    }

    /** How many of the first {@code problems} evaluation problems have an opening. */
    int openings(int problems) {
        return (int) IntStream.range(0, problems)
                .filter(i -> opening(evaluation.get(i)).isPresent())
                .count();
    }

    /** The opening that a source gives with a problem. */
    static Optional<String> opening(Problem problem) {
        return problem.extra().get("opening") instanceof String text && !text.isEmpty()
                ? Optional.of(text)
                : Optional.empty();
    }

    /** A fixed short sequence that both sides score after each swap: the first training problem's prompt, repeated. */
    int[] canary() {
        int[] prompt = tokens(training.get(0));
        int[] canary = new int[CANARY_TOKENS];
        for (int t = 0; t < canary.length; t++) canary[t] = prompt[t % prompt.length];
        return prompt.length >= CANARY_TOKENS ? Arrays.copyOf(prompt, CANARY_TOKENS) : canary;
    }

    private int[] tokens(Problem problem) {
        return tokenizer.encode(template.prompt(problem));
    }
}
