package io.tramontane.data.source;

import io.tramontane.data.BadInputException;
import io.tramontane.data.ChatTemplate;
import io.tramontane.data.MarkedText;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.SftExample;
import io.tramontane.data.SftSource;
import io.tramontane.data.ThinkTags;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * Worked examples from a data set: a problem's extra "completion" as it stands, else its extra "solution" (GSM8K has one)
 * as the thoughts and its answer in a box. They are repeated without end, in a new seeded order each time.
 */
public final class SolutionTraces implements SftSource {
    private final ProblemSource source;
    private final ChatTemplate chat;
    private final ThinkTags tags;
    private final String opening;

    /** How a problem becomes a prompt, and how thoughts are marked. */
    public record Form(ChatTemplate chat, ThinkTags tags) {}

    private SolutionTraces(ProblemSource source, Form form) {
        this.source = source;
        this.chat = form.chat();
        this.tags = form.tags();
        this.opening = chat.opening(tags);
    }

    /**
     * Examples of the problems of a path that {@link DataSets} reads.
     *
     * @param fits examples that it refuses are left out
     */
    public static SolutionTraces open(Path path, Form form, Predicate<SftExample> fits, long seed) {
        List<Problem> problems = DataSets.read(path);
        for (Problem problem : problems)
            if (trace(problem, form.tags(), "") == null)
                throw new BadInputException(
                        path + ": problem " + problem.id()
                                + " has neither a field \"completion\" nor a \"solution\" with an answer: nothing to learn from");
        String opening = form.chat().opening(form.tags());
        List<Problem> kept = problems.stream()
                .filter(problem -> fits.test(example(problem, form.chat(), form.tags(), opening)))
                .toList();
        if (kept.isEmpty()) throw new BadInputException(path + ": no example fits");
        return new SolutionTraces(new FileSource(kept, false, seed), form);
    }

    /** Different examples. */
    public long size() {
        return source.size().orElseThrow();
    }

    @Override
    public SftExample get(long index, double progress) {
        return example(source.get(index), chat, tags, opening);
    }

    private static SftExample example(Problem problem, ChatTemplate chat, ThinkTags tags, String opening) {
        return new SftExample(chat.marked(problem), trace(problem, tags, opening));
    }

    /** What the data says is foreign: of control strings only the marks of thoughts are tokens, where the format has them. */
    private static MarkedText trace(Problem problem, ThinkTags tags, String opening) {
        if (problem.extra().get("completion") instanceof String written && !written.isBlank())
            return MarkedText.answer(written, tags, !opening.isEmpty());
        if (problem.answer() == null || !(problem.extra().get("solution") instanceof String solution)) return null;
        String lead = problem.language().equals("en") ? "The answer is " : "";
        String begin = opening.isEmpty() ? tags.open() + "\n" : opening.endsWith("\n") ? "" : "\n";
        return new MarkedText.Builder()
                .append(begin)
                .append(MarkedText.foreign(solution.strip()))
                .append("\n" + tags.close() + "\n" + lead + "\\boxed{")
                .append(MarkedText.foreign(problem.answer()))
                .append("}.")
                .build();
    }
}
