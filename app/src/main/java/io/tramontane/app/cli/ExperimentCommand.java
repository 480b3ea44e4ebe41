package io.tramontane.app.cli;

import io.tramontane.app.experiment.ChildProcess;
import io.tramontane.app.experiment.Experiment;
import io.tramontane.app.experiment.ExperimentFile;
import io.tramontane.app.experiment.ExperimentResult;
import io.tramontane.app.experiment.ExperimentRun;
import io.tramontane.data.BadInputException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The paper's experiments, and a user's own sweeps. */
@Command(
        name = "experiment",
        description = "Trains the arms of an experiment and compares them with what the paper found, on one page.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "DIR gets a folder for each arm and seed, and experiment.html, experiment.json and table.md. Started again, it keeps",
            "what is finished and continues the arm that was running. docs/experiments.md explains the files.",
            "Examples: tramontane experiment list",
            "          tramontane experiment clip-high --seeds 1,2,3"
        })
final class ExperimentCommand implements Callable<Integer> {
    private static final String LIST = "list";

    @Parameters(paramLabel = "NAME", description = "list, an experiment in conf/experiments, or a .yaml file")
    private String name;

    @Option(names = "--seeds", paramLabel = "S,S", split = ",", description = "instead of the file's seeds, e.g. 1,2,3")
    private List<Long> seeds = List.of();

    @Option(names = "--out", paramLabel = "DIR", description = "where everything goes; the default is experiments/NAME")
    private Path out;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "1",
            description = "arms at the same time (default 1); their output goes to console.log in the arm's folder")
    private int parallel;

    @Option(names = "--master", paramLabel = "URL", description = "Spark's master of every run (default local[*])")
    private String master = "";

    @Option(names = "--report-only", description = "writes page, JSON and table from what is there, runs nothing")
    private boolean reportOnly;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter console = spec.commandLine().getOut();
        if (name.equals(LIST)) {
            for (String each : ExperimentFile.names(folder()))
                console.println(String.format(
                        Locale.ROOT,
                        "%-16s %s",
                        each,
                        ExperimentFile.read(folder().resolve(each + ".yaml")).title()));
            console.flush();
            return Tramontane.DONE;
        }
        if (parallel < 1) throw new BadInputException("--parallel " + parallel + ", allowed >= 1");
        if (seeds.stream().distinct().count() < seeds.size())
            throw new BadInputException("--seeds: a seed appears twice");
        Experiment experiment = ExperimentFile.read(ExperimentFile.find(name, folder()));
        Path to = (out == null ? Path.of("experiments", experiment.name()) : out).toAbsolutePath();
        ExperimentRun run =
                new ExperimentRun(experiment, seeds, to, master, new ChildProcess(Tramontane.class), line -> {
                    console.println(line);
                    console.flush();
                });
        ExperimentResult result = reportOnly ? run.report() : run.run(parallel);
        console.println(result.conclusion());
        result.judged().forEach(judged -> console.println("  " + judged.sentence()));
        console.println("Page: " + to.resolve("experiment.html"));
        console.flush();
        return Tramontane.DONE;
    }

    private static Path folder() {
        return Path.of(System.getProperty("tramontane.root", ""), "conf", "experiments");
    }
}
