package io.tramontane.app.cli;

import io.tramontane.app.report.Comparison;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Several runs beside each other. */
@Command(
        name = "compare",
        description =
                "Compares runs: curves on one page, what their configs differ in, and how their evaluations differ"
                        + " problem by problem.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: tramontane compare runs/a runs/b --out compare.html"})
final class CompareCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", arity = "2..*", description = "run folders; the others are compared with the first")
    private List<RunFolder> runs;

    @Option(names = "--out", paramLabel = "FILE", description = "page to write; the default is compare.html")
    private Path out;

    @Option(
            names = "--json",
            description = "prints one JSON object instead of lines, and writes a page only with --out")
    private boolean json;

    @Option(
            names = "--step",
            paramLabel = "N",
            description = "compares the evaluations of this step, not the newest ones")
    private Integer step;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<RunFolder> folders =
                runs.stream().map(run -> RunFolder.existing(run)).toList();
        Path page = out != null ? out : json ? null : Path.of("compare.html");
        if (page != null && !Files.isDirectory(page.toAbsolutePath().getParent()))
            throw new BadInputException("--out " + page + ": there is no folder "
                    + page.toAbsolutePath().getParent());
        if (page != null && Files.isDirectory(page)) throw new BadInputException("--out " + page + " is a folder");
        Comparison comparison = new Comparison(folders, step == null ? OptionalInt.empty() : OptionalInt.of(step));
        PrintWriter to = spec.commandLine().getOut();
        if (json) to.println(comparison.json());
        else comparison.lines().forEach(to::println);
        if (page != null) comparison.write(page);
        if (page != null && !json) to.println("Page: " + page);
        to.flush();
        return Tramontane.DONE;
    }
}
