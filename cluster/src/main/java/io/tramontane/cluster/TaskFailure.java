package io.tramontane.cluster;

import io.tramontane.data.BadInputException;
import io.tramontane.data.UnreadableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a task threw, or why its executor is gone. Spark hands it to the driver inside a text about jobs, stages and attempts
 * ("Could not recover from a failed barrier ResultStage"), which helps nobody; all of it is in the log.
 */
final class TaskFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final Pattern TASK = Pattern.compile(
            "(?:barrier task [^\\n]*? finished unsuccessfully\\.\\s*|Lost task [^\\n]*?\\(TID \\d+\\) \\([^\\n]*?\\): )(.*)",
            Pattern.DOTALL);
    private static final Pattern LOST =
            Pattern.compile("ExecutorLostFailure \\(executor (\\S+) .*?\\)(?: Reason: (.*?))?\\s*", Pattern.DOTALL);
    private static final Pattern FRAME =
            Pattern.compile("\\s+at (?:\\S+/)?([\\w.$]+)\\.([\\w$<>]+)\\(([^:)]*)(?::(\\d+))?\\)");
    private static final String END = "\nDriver stacktrace:";
    private static final String BARRIER = "Most recent failure reason: ";
    private static final String CAUSED_BY = "Caused by: ";

    private TaskFailure(String message, StackTraceElement[] trace) {
        super(message);
        setStackTrace(trace);
    }

    /** The failure of a role's job as the user sees it; bad input that a task met stays bad input. */
    static RuntimeException of(String role, Throwable thrown) {
        if (thrown instanceof BadInputException bad) return bad;
        if (thrown instanceof BadInputException known) return known; // of the driver's own thread
        Optional<String> text = task(String.valueOf(thrown.getMessage()));
        if (text.isEmpty()) return new IllegalStateException("role " + role + " failed: " + firstLine(thrown), thrown);
        Matcher lost = LOST.matcher(text.get());
        if (lost.matches())
            return new TaskFailure(
                    "role " + role + " failed: executor " + lost.group(1) + " was lost"
                            + (lost.group(2) == null ? "" : " (" + lost.group(2).strip() + ")"),
                    new StackTraceElement[0]);
        List<String> causes = causes(text.get());
        Optional<BadInputException> badInput =
                causes.stream().flatMap(cause -> badInput(cause).stream()).findFirst();
        if (badInput.isPresent()) return badInput.get();
        String root = causes.get(causes.size() - 1);
        String first = causes.get(0);
        return new TaskFailure(
                "role " + role + " failed: " + first
                        + (first.contains(root)
                                ? ""
                                : " (" + CAUSED_BY.toLowerCase(java.util.Locale.ROOT) + root + ")"),
                frames(text.get()));
    }

    /** A {@link BadInputException} or one of its subclasses, of which only one makes a difference here. */
    private static Optional<BadInputException> badInput(String cause) {
        int end = cause.indexOf(": ");
        if (end < 0) return Optional.empty();
        try {
            Class<?> thrown = Class.forName(cause.substring(0, end), false, TaskFailure.class.getClassLoader());
            String message = cause.substring(end + 2);
            if (thrown == UnreadableException.class) return Optional.of(new UnreadableException(message));
            return BadInputException.class.isAssignableFrom(thrown)
                    ? Optional.of(new BadInputException(message))
                    : Optional.empty();
        } catch (ClassNotFoundException | LinkageError e) { // no exception of ours
            return Optional.empty();
        }
    }

    private static Optional<String> task(String message) {
        int end = message.indexOf(END);
        String text = end < 0 ? message : message.substring(0, end);
        Matcher task = TASK.matcher(text);
        if (task.find()) return Optional.of(task.group(1).strip());
        int reason = text.indexOf(BARRIER);
        return reason < 0
                ? Optional.empty()
                : Optional.of(text.substring(reason + BARRIER.length()).strip());
    }

    /** The exception and what caused it, each as "class: message". */
    private static List<String> causes(String text) {
        List<String> causes = new ArrayList<>();
        causes.add(text.lines().findFirst().orElse(text));
        text.lines()
                .filter(line -> line.startsWith(CAUSED_BY))
                .map(line -> line.substring(CAUSED_BY.length()))
                .forEach(causes::add);
        return causes;
    }

    private static StackTraceElement[] frames(String text) {
        List<StackTraceElement> frames = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith(CAUSED_BY)) break;
            Matcher frame = FRAME.matcher(line);
            if (!frame.matches()) continue;
            int number = frame.group(4) == null ? -1 : Integer.parseInt(frame.group(4));
            frames.add(new StackTraceElement(frame.group(1), frame.group(2), frame.group(3), number));
        }
        return frames.toArray(StackTraceElement[]::new);
    }

    private static String firstLine(Throwable thrown) {
        String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
        return message.lines().findFirst().orElse(message);
    }
}
