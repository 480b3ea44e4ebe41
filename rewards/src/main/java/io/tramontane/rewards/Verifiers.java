package io.tramontane.rewards;

import io.tramontane.data.Evidence;
import io.tramontane.data.Problem;
import io.tramontane.data.Problem.Kind;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entry point of this module: rewards of the completions of one group (paper section 2.2).
 *
 * <pre>
 *   format        the gate; when it fails the reward is 0 and nothing else is judged, not even the length
 *   correctness   last box, or 20 tests of the first program
 *   length        soft penalty, {@link LengthSchedule}
 *   language      problem, thoughts and answer in one language, right or wrong answer alike
 *   extra         what the user added, {@link Reward}
 * </pre>
 *
 * {@link RewardWeights} says what each part is worth. Safe for several threads. The programs of a group run in parallel.
 * What we cannot judge is tried twice and then UNSCORED, never a zero.
 */
public final class Verifiers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Verifiers.class);

    private final RewardConfig config;
    private final long seed;
    private final FormatGate gate;
    private final MathVerifier math;
    private final LanguageConsistency language;
    private final Reward length;
    private final ExtraRewards extra;
    private final CodeEnvironment code;
    private final ParallelMap programs = new ParallelMap();

    Verifiers(RewardConfig config, long seed, CodeEnvironment code) {
        this.config = config;
        this.seed = seed;
        this.code = code;
        this.gate = new FormatGate(config.thinkTags());
        this.math = new LatexMathVerifier();
        this.language = new LanguageConsistency(config.languages(), config.foreignShare(), config.latexWords());
        this.length = config.length();
        this.extra = new ExtraRewards(config.extraRewards());
    }

    /**
     * Loads the language model, and tries the sandbox; without one, code problems are UNSCORED.
     *
     * @param seed with the problem's id and the group's number it draws the tests
     */
    public static Verifiers open(RewardConfig config, long seed) {
        config.checkClasses();
        CodeEnvironment code = CodeEnvironment.open(config);
        if (code.verifier() == null) LOG.warn("code problems cannot be scored: {}", code.unavailable());
        return new Verifiers(config, seed, code);
    }

    /** Scores outside training: the first stage of the length schedule. */
    public List<RewardBreakdown> score(Problem problem, long group, List<String> texts, int[] lengths) {
        return score(problem, group, 0, texts, lengths);
    }

    /**
     * Scores completions of one problem.
     *
     * @param group the group's number: all completions of a group meet the same tests
     * @param step the training step that the group was sampled for, one above its oldest token's policy version; 0
     *     outside training
     * @param texts [G] completions as text, without the prompt
     * @param lengths [G] their lengths in tokens; negative where unknown, then there is no length penalty
     * @return [G] in the same order
     */
    public List<RewardBreakdown> score(Problem problem, long group, int step, List<String> texts, int[] lengths) {
        return score(problem, group, step, Written.ofTexts(texts, lengths), () -> {});
    }

    /**
     * What is scored.
     *
     * @param texts [G] completions as text, without the prompt
     * @param lengths [G] their lengths in tokens; negative where unknown
     * @param marks [G] where the tokens that mark thoughts stand, as in {@link io.tramontane.data.Completion#marks}; null
     *     where marks are text
     */
    public record Written(List<String> texts, int[] lengths, List<int[]> marks) {
        /** Of texts alone: marks are found by their spelling. */
        public static Written ofTexts(List<String> texts, int[] lengths) {
            return new Written(texts, lengths, Collections.nCopies(texts.size(), null));
        }
    }

    /**
     * The same for someone who must know that the work goes on: a group of slow programs takes minutes.
     *
     * @param moved is told whenever a program was compiled or has done a test, by several threads; quick
     */
    public List<RewardBreakdown> score(Problem problem, long group, int step, Written written, Runnable moved) {
        List<String> texts = written.texts();
        int[] lengths = written.lengths();
        if (texts.size() != lengths.length)
            throw new IllegalArgumentException("texts " + texts.size() + " != lengths " + lengths.length);
        String asked = language.ofProblem(problem.statement(), problem.language());
        TestDraw draw = problem.kind() == Kind.CODE ? TestDraw.of(problem, config.tests(), seed, group) : null;
        Asked question = new Asked(problem, step, asked, draw, moved);
        IntFunction<RewardBreakdown> one =
                i -> score(question, texts.get(i), lengths[i], written.marks().get(i));
        if (problem.kind() == Kind.CODE && codeAvailable()) return programs.map(lengths.length, one);
        return IntStream.range(0, lengths.length).mapToObj(one).toList();
    }

    /** What a group's completions have in common. */
    private record Asked(Problem problem, int step, String language, TestDraw draw, Runnable moved) {}

    private RewardBreakdown score(Asked asked, String text, int tokens, int[] marks) {
        long start = System.nanoTime();
        FormatGate.Parts parts = gate.check(asked.problem().kind(), text, marks);
        if (!parts.passed()) return malformed(parts.failure(), millisSince(start));
        VerifierOutcome outcome = judge(asked, parts);
        if (outcome.isOurFault()) outcome = judge(asked, parts);
        if (outcome.isOurFault()) return RewardBreakdown.unscored(outcome.why(), millisSince(start));
        List<String> languages = List.of(
                asked.language(),
                language.of(parts.thoughts(), asked.language()),
                language.of(parts.answer(), asked.language()));
        Judged.Text written = new Judged.Text(text, parts.thoughts(), parts.answer(), parts.extracted(), tokens);
        Judged judged =
                new Judged(asked.problem(), asked.step(), written, outcome.verdict(), outcome.share(), languages);
        try {
            return paid(judged, outcome, extra(judged), start);
        } catch (ExtraRewards.Failure failure) {
            return RewardBreakdown.unscored(failure.getMessage(), millisSince(start));
        }
    }

    private RewardBreakdown paid(Judged judged, VerifierOutcome outcome, Map<String, Double> extras, long start) {
        return new RewardBreakdown(
                config.weights().format(),
                config.weights().correctness() * judged.share(),
                length.of(judged),
                oneLanguage(judged.languages()) ? config.weights().language() : 0,
                extras,
                outcome.verdict(),
                outcome.why(),
                judged.text().extracted(),
                outcome.evidence(),
                judged.languages(),
                millisSince(start));
    }

    private static boolean oneLanguage(List<String> found) {
        return RewardBreakdown.oneLanguage(found.get(0), found.get(1), found.get(2));
    }

    private Map<String, Double> extra(Judged judged) throws ExtraRewards.Failure {
        try {
            return extra.of(judged);
        } catch (ExtraRewards.Failure once) {
            return extra.of(judged);
        }
    }

    private static RewardBreakdown malformed(String why, double millis) {
        Evidence gate = Evidence.of("gate");
        return new RewardBreakdown(0, 0, 0, 0, Map.of(), Verdict.FORMAT_ERROR, why, "", gate, List.of(), millis);
    }

    private VerifierOutcome judge(Asked asked, FormatGate.Parts parts) {
        Problem problem = asked.problem();
        if (problem.kind() == Kind.MATH) return math.check(problem.answer(), parts.extracted());
        if (!codeAvailable()) return new VerifierOutcome.VerifierFault("code is not judged: " + code.unavailable());
        return code.verifier()
                .check(problem, asked.draw(), new CodeVerifier.Answer(parts.tag(), parts.extracted()), asked.moved());
    }

    /** True when the sandbox passed its probe, so that code problems can be scored. */
    public boolean codeAvailable() {
        return code.verifier() != null;
    }

    /** Why code problems cannot be scored; empty when they can. */
    public String codeUnavailableReason() {
        return code.unavailable();
    }

    private static double millisSince(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    @Override
    public void close() {
        programs.close();
        code.close();
    }
}
