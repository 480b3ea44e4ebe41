package io.tramontane.cluster.cli;

import io.tramontane.cluster.Config;
import io.tramontane.cluster.EvaluationConfig;
import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.report.ConsoleView;
import io.tramontane.cluster.report.MetricsLog;
import io.tramontane.cluster.report.RunFolder;
import io.tramontane.cluster.report.RunReport;
import io.tramontane.cluster.roles.ModelRooms;
import io.tramontane.data.BadInputException;
import io.tramontane.data.Marks;
import io.tramontane.data.ProblemSources;
import io.tramontane.data.TokenizerFiles;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The reinforcement-learning loop. */
@Command(
        name = "train",
        description = "Trains a policy by asynchronous GRPO until its steps or minutes are used up.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Ctrl-C (exit code 130) leaves a run that --resume continues; the last line says how.",
            "Example: tramontane train --set trainer.minutes=2 --set seed=7"
        })
final class TrainCommand implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "YAML; the default is conf/tiny.yaml")
    private Path config;

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description = "run folder; the default is runs/<date>-<name of the config>")
    private Path run;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "overrides one value of the config, e.g. trainer.loss.clipHigh=0.3; may be repeated")
    private List<String> sets = List.of();

    @Option(
            names = "--master",
            paramLabel = "URL",
            description =
                    "Spark's master: local[*] (default), local-cluster[3,1,1024] or spark://host:7077; yarn and k8s://... need the"
                            + " job jar and the cluster's own spark-submit (docs/cluster.md)")
    private String master;

    @Option(names = "--dry-run", description = "prints the resolved config, token arithmetic and memory, then stops")
    private boolean dryRun;

    @Option(
            names = "--resume",
            description =
                    "continues the run in --run DIR with the config that it was started with; --set changes values")
    private boolean resume;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (resume && run == null) throw new BadInputException("--resume needs --run DIR, the run to continue");
        if (resume && config != null)
            throw new BadInputException("--resume uses the run's own config.yaml: leave --config out, --set works");
        Path file = resume ? RunFolder.existing(run).configYaml() : configFile();
        Config resolved = resolved(file);
        resolved.rewards().checkClasses();
        Path model = ModelFolder.resolve(resolved.model());
        ProblemSources.open(resolved.data(), false, resolved.seed());
        ProblemSources.open(resolved.data(), true, resolved.seed());
        Plan plan = new Plan(resolved, Checkpoint.config(model));
        if (Masters.orDefault(master).startsWith("local")) {
            plan.check(Memory.ofThisMachine().total());
            Memory.ofThisMachine().check(plan.policy(), resolved.rollout());
        }
        if (dryRun) {
            spec.commandLine().getOut().print(ConfigReader.print(resolved) + plan.text());
            spec.commandLine().getOut().flush();
            return Tramontane.DONE;
        }
        new ModelRooms(resolved, model)
                .prompts()
                .check(resolved.evaluation().problems())
                .ifPresent(line -> spec.commandLine().getErr().println(line));
        if (!plan.warning().isEmpty()) spec.commandLine().getErr().println("warning: " + plan.warning());
        RunFolder folder = resume ? RunFolder.existing(run) : newFolder(file);
        Logs.to(folder.logs().resolve("driver.log"));
        writeConfig(folder, resolved);
        return train(resolved, folder);
    }

    private int train(Config resolved, RunFolder folder) {
        MetricsLog metrics =
                resume ? MetricsLog.resume(folder, TrainRun.lastStep(folder.root())) : MetricsLog.open(folder);
        ConsoleView console = ConsoleView.onStandardOutput(
                resolved.trainer().steps(), resolved.trainer().minutes());
        try (RunReport report = new RunReport(folder, metrics, console)) {
            return TrainRun.run(
                    resolved, folder.root(), resume, Masters.orDefault(master), new ReportingListener(report));
        }
    }

    /** What is said nowhere follows the defaults, the model and the day. */
    private Config resolved(Path file) {
        Config config =
                ConfigReader.read(Config.defaults().with(EvaluationConfig.magistral()), Optional.of(file), sets);
        if (!Marks.of(TokenizerFiles.of(ModelFolder.resolve(config.model()))).magistral())
            config = ConfigReader.read(Config.defaults(), Optional.of(file), sets);
        return config.with(config.data().dated());
    }

    private Path configFile() {
        if (config != null) return config;
        return Path.of(System.getProperty("tramontane.root", ""), "conf", "tiny.yaml");
    }

    private RunFolder newFolder(Path file) {
        Path root = run == null ? unusedFolder(file) : run;
        String[] entries = root.toFile().list();
        if (Files.exists(root) && (entries == null || entries.length > 0))
            throw new BadInputException(
                    "run folder " + root + " is not empty: continue its run with --resume, or name another folder");
        return RunFolder.create(root);
    }

    /** runs/2026-01-31-tiny, then runs/2026-01-31-tiny-2, ... */
    private static Path unusedFolder(Path file) {
        String name = LocalDate.now() + "-" + file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        Path folder = Path.of("runs", name);
        for (int n = 2; Files.exists(folder); n++) folder = Path.of("runs", name + "-" + n);
        return folder;
    }

    private static void writeConfig(RunFolder folder, Config resolved) {
        try {
            Path fresh = folder.configYaml().resolveSibling("config.yaml.new");
            Files.writeString(fresh, ConfigReader.print(resolved));
            Files.move(fresh, folder.configYaml(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new BadInputException("run folder " + folder.root() + " cannot be written: " + e.getMessage());
        }
    }
}
