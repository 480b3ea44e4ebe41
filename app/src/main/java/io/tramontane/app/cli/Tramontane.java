package io.tramontane.app.cli;

import io.tramontane.app.experiment.ParentWatch;
import io.tramontane.cluster.ProcessEnd;
import io.tramontane.cluster.config.Nearest;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import io.tramontane.data.LineLimit;
import io.tramontane.data.LocalPath;
import io.tramontane.data.StoragePath;
import io.tramontane.data.TemporaryFolders;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The program's entry point: {@code bin/tramontane COMMAND}, and the main class for spark-submit. Exit codes: 0 done; 2 bad
 * usage or bad input, one line on standard error; 1 our failure, with the stack trace; 130 and 143 are the JVM's own after
 * Ctrl-C and SIGTERM.
 */
@Command(
        name = "tramontane",
        description = "Trains reasoning language models by asynchronous GRPO, as one Spark application.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        version = "tramontane " + Build.VERSION,
        footer = {
            "",
            "Exit codes: 0 done; 2 bad usage or input, with one line that says what; 1 our failure; 130 Ctrl-C, 143 SIGTERM.",
            "Example: tramontane train --set trainer.minutes=2"
        })
public final class Tramontane implements Runnable {
    private static final List<Class<?>> COMMANDS = List.of(
            TrainCommand.class,
            SftCommand.class,
            ConfigCommand.class,
            PlanCommand.class,
            GenerateCommand.class,
            LogprobsCommand.class,
            ScoreCommand.class,
            EvaluateCommand.class,
            ServeCommand.class,
            ReplayCommand.class,
            ReportCommand.class,
            VerifyCommand.class,
            CompareCommand.class,
            AnalyseCommand.class,
            ExperimentCommand.class,
            CurateCommand.class,
            ExportCommand.class,
            BenchCommand.class,
            HelpCommand.class);

    static final int DONE = 0;
    static final int OUR_FAILURE = 1;
    static final int BAD_INPUT = 2;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--longest-line",
            paramLabel = "MEBIBYTES",
            scope = ScopeType.INHERIT,
            description = "longest line of a file of rows (default 256)")
    void longestLine(int mebibytes) {
        try {
            LineLimit.set(mebibytes);
        } catch (BadInputException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) throws Exception {
        Locale.setDefault(
                Locale.Category.FORMAT, Locale.ROOT); // also for libraries: 1.5 is written with the digits 1 and 5
        ParentWatch.start();
        TemporaryFolders.removeLeft();
        Logs.toTemporaryFile();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exit = run(out, err, args);
        if (exit == OUR_FAILURE) printLogFile(err);
        else Logs.dropTemporaryFile();
        TemporaryFolders.removeOwn();
        ProcessEnd.with(exit);
    }

    /** Prints where the log is, except after Ctrl-C. */
    private static void printLogFile(PrintWriter err) {
        if (!InterruptNotice.processEnds()) err.println("log: " + Logs.file());
    }

    /**
     * The commands that these words name, all if they name none, with what turns words into values. To make the options of all
     * takes longer than many a command.
     */
    static CommandLine commandLine(String... args) {
        CommandLine line = new CommandLine(new Tramontane());
        Set<String> words = Set.copyOf(Arrays.asList(args));
        boolean all = words.contains(HelpCommand.NAME) || names().noneMatch(words::contains);
        for (Class<?> command : COMMANDS) if (all || words.contains(name(command))) line.addSubcommand(command);
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Path.class, Tramontane::localPath)
                .registerConverter(RunFolder.class, Tramontane::runFolder);
    }

    /** Runs one command in this process. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return commandLine(args)
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(110)
                .setParameterExceptionHandler((e, arguments) -> badInput(err, usage(e)))
                .setExecutionExceptionHandler((e, command, parsed) -> failure(err, e))
                .execute(args);
    }

    /** Options of this type are read or written on this machine; those that take addresses, too, are strings. */
    private static Path localPath(String text) {
        String complaint = LocalPath.complaint(text);
        if (!complaint.isEmpty()) throw new TypeConversionException(text + ": " + complaint);
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(noPath(e).orElseThrow());
        }
    }

    private static RunFolder runFolder(String text) {
        return StoragePath.SCHEME.matcher(text).matches() ? RunFolder.at(text) : new RunFolder(localPath(text));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given, allowed " + commands());
    }

    private static int failure(PrintWriter err, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause())
            if (cause instanceof BadInputException) return badInput(err, cause.getMessage());
        Optional<String> noPath = noPath(e);
        if (noPath.isPresent()) return badInput(err, noPath.get());
        if (InterruptNotice.processEnds()) return OUR_FAILURE;
        if (e instanceof RunFailedException failed) {
            failed.getCause().printStackTrace(err);
            err.println(failed.resume());
        } else {
            e.printStackTrace(err);
        }
        return OUR_FAILURE;
    }

    private static int badInput(PrintWriter err, String message) {
        err.println("tramontane: " + message.lines().map(String::strip).collect(Collectors.joining(" ")));
        return BAD_INPUT;
    }

    /** The message where Java cannot name a file because the locale's encoding lacks a character. */
    private static Optional<String> noPath(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof InvalidPathException)) cause = cause.getCause();
        if (cause == null) return Optional.empty();
        InvalidPathException e = (InvalidPathException) cause;
        String encoding = System.getProperty("sun.jnu.encoding", "");
        String hint = encoding.toUpperCase(Locale.ROOT).startsWith("UTF")
                ? ""
                : "; file names are " + encoding + " in this locale, LC_ALL=C.UTF-8 allows all letters";
        return Optional.of(
                new BadInputException("'" + e.getInput() + "' is no path here (" + e.getReason() + ")" + hint)
                        .getMessage());
    }

    private static String usage(ParameterException e) {
        CommandLine command = e.getCommandLine();
        boolean unknown = e instanceof UnmatchedArgumentException && command.getParent() == null;
        if (unknown) {
            String given = ((UnmatchedArgumentException) e).getUnmatched().get(0);
            if (!given.startsWith("-"))
                return "unknown command '" + given + "', did you mean " + Nearest.name(given, names().toList())
                        + "? Commands: " + commands();
        }
        String hint = e instanceof UnmatchedArgumentException unmatched
                ? SetHint.of(command.getCommandName(), unmatched.getUnmatched())
                : "";
        return e.getMessage() + hint + " (see " + command.getCommandSpec().qualifiedName() + " --help)";
    }

    private static Stream<String> names() {
        return COMMANDS.stream().map(Tramontane::name);
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    private static String commands() {
        return names().filter(name -> !name.equals(HelpCommand.NAME)).collect(Collectors.joining(", "));
    }
}
