package io.tramontane.cluster.roles;

import io.tramontane.data.BadInputException;
import io.tramontane.data.ChatTemplate;
import io.tramontane.data.MarkedText;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.tokenizer.TokenTexts;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.GroupRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Problems by number as requests to a generator. A training problem whose prompt is longer than {@code
 * rollout.maxPromptTokens} is left out: another one, always the same, takes its place.
 */
public final class Prompts implements AutoCloseable {
    private static final int CANARY_TOKENS = 32;
    private static final int ATTEMPTS = 1000;

    /** Distance to the problem that replaces one that is too long. A prime, so that it lies in another pass over the file. */
    private static final long REPLACEMENT_STRIDE = 1_000_003;

    /** Training problems that are checked before a run. */
    private static final long CHECKED = 10_000;

    /**
     * Training groups of a stage.
     *
     * @param problems what they are of
     * @param groupSize completions of each
     * @param maxTokens longest completion
     */
    public record Training(ProblemSource problems, int groupSize, int maxTokens) {}

    private final TreeMap<Integer, Training> training;
    private final ProblemSource evaluation;
    private final ChatTemplate template;
    private final Tokenizer tokenizer;
    private final int longest;

    /**
     * Training by the first step of each stage, held-out problems, how a problem becomes tokens, the longest prompt. The tokenizer
     * is closed with the prompts.
     */
    public Prompts(
            NavigableMap<Integer, Training> training,
            ProblemSource evaluation,
            ChatTemplate template,
            Tokenizer tokenizer,
            int longest) {
        this.training = new TreeMap<>(training);
        this.evaluation = evaluation;
        this.template = template;
        this.tokenizer = tokenizer;
        this.longest = longest;
    }

    /**
     * Checks the prompts before a run. An evaluation problem that is too long is the user's mistake, since leaving it out
     * would change what is measured.
     *
     * @return a message if training problems will be left out
     */
    public Optional<String> check(int evaluationProblems) {
        for (int i = 0; i < evaluationProblems(evaluationProblems); i++) {
            Problem problem = evaluation.get(i);
            int length = tokens(problem).length;
            if (length > longest)
                throw new BadInputException("evaluation problem " + problem.id() + ": prompt of " + length
                        + " tokens, rollout.maxPromptTokens allows " + longest);
        }
        Set<ProblemSource> seen = new HashSet<>();
        List<String> lines = new ArrayList<>();
        training.forEach((step, stage) -> {
            if (seen.add(stage.problems()))
                check(stage.problems(), step == 1 ? "" : "from step " + step + ": ")
                        .ifPresent(lines::add);
        });
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", lines));
    }

    private Optional<String> check(ProblemSource problems, String when) {
        long checked = Math.min(CHECKED, problems.size().orElse(0));
        long left = LongStream.range(0, checked)
                .filter(i -> tokens(problems.get(i)).length > longest)
                .count();
        if (left == 0) return Optional.empty();
        if (left == checked)
            throw new BadInputException(when + "data.train: the prompts of all " + checked
                    + " problems are longer than rollout.maxPromptTokens " + longest);
        return Optional.of(when + left + " of " + checked
                + " training problems have prompts longer than rollout.maxPromptTokens " + longest + ": left out");
    }

    /** The tokenizer of these prompts, for the same thread. */
    Tokenizer tokenizer() {
        return tokenizer;
    }

    /** The group of a training problem, as it is sampled for a step. */
    GroupRequest training(long group, int step) {
        Training stage = training.floorEntry(step).getValue();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Problem problem = stage.problems().get(group + attempt * REPLACEMENT_STRIDE);
            int[] prompt = tokens(problem);
            if (prompt.length <= longest)
                return new GroupRequest(
                        group, problem, prompt, new int[0], stage.groupSize(), false, stage.maxTokens());
        }
        throw new BadInputException("data.train: " + ATTEMPTS
                + " problems in a row have prompts longer than rollout.maxPromptTokens " + longest);
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
                .map(text ->
                        new GroupRequest(id, problem, tokens(problem), tokenizer.encode(asCompletion(text)), 1, true));
    }

    /** The opening as the start of a completion: without the mark that the template has written. */
    private MarkedText asCompletion(String opening) {
        for (ThinkTags tags : ThinkTags.values())
            if (opening.startsWith(tags.open()))
                return MarkedText.answer(opening, tags, !template.opening(tags).isEmpty());
        return MarkedText.foreign(opening);
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

    /** The text of each of the first tokens of a completion, for a person; by one thread at a time. */
    List<String> pieces(int[] tokens) {
        return TokenTexts.of(tokenizer, tokens);
    }

    /** A fixed short sequence that both sides score after each swap: the first training problem's prompt, repeated. */
    int[] canary() {
        int[] prompt = tokens(training.firstEntry().getValue().problems().get(0));
        int[] canary = new int[CANARY_TOKENS];
        for (int t = 0; t < canary.length; t++) canary[t] = prompt[t % prompt.length];
        return prompt.length >= CANARY_TOKENS ? Arrays.copyOf(prompt, CANARY_TOKENS) : canary;
    }

    private int[] tokens(Problem problem) {
        return tokenizer.encode(template.marked(problem));
    }

    /** Frees the tokenizer, some 40 MB outside of the heap with the texts that it keeps; no other thread may be using it. */
    @Override
    public void close() {
        tokenizer.close();
    }
}
