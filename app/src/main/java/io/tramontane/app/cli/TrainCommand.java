package io.tramontane.app.cli;

import io.tramontane.app.report.ConsoleView;
import io.tramontane.app.report.MetricWriters;
import io.tramontane.app.report.MetricsLog;
import io.tramontane.app.report.RunReport;
import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.config.EvaluationConfig;
import io.tramontane.cluster.files.StoredDataFiles;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.roles.ModelRoleFactory;
import io.tramontane.cluster.roles.Prompts;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.run.RunLock;
import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.StoragePath;
import io.tramontane.data.source.ProblemOverlap;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.chat.Marks;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.trainer.loss.Losses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            "After Ctrl-C (exit code 130) the last line is the command that continues the run.",
            "Example: tramontane train --set trainer.minutes=2 --set seed=7"
        })
final class TrainCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML, or the name of a recipe; the default is conf/tiny.yaml")
    private Path config;

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description = "run folder; the default is runs/<date>-<name of the config>")
    private RunFolder run;

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

    @Option(
            names = "--dry-run",
            description =
                    "prints the resolved config, token arithmetic, memory and predicted times (docs/plan.md), then stops")
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
        String at = Masters.orDefault(master);
        Config resolved;
        try (LocalCopy file = resume ? LocalCopy.of(RunFolder.existing(run).configYaml()) : null) {
            resolved = resolved(resume ? file.path() : configFile());
            if (dryRun) {
                check(resolved);
                DryRun.of(resolved, resume ? file.path() : configFile(), at).print(spec.commandLine());
                return Tramontane.DONE;
            }
        }
        check(resolved);
        Path model = ModelFolder.resolve(resolved.model());
        List<String> sources = StoredDataFiles.PROBLEMS.plan(resolved.data());
        Optional<ProblemOverlap> overlap = DryRun.overlap(resolved);
        Plan plan = new Plan(resolved, Checkpoint.fittingConfig(model));
        resolved = plan.config();
        if (at.startsWith("local")) plan.checkThisMachine();
        ModelRoleFactory roles = new ModelRoleFactory(resolved, model);
        roles.thoughts().note().ifPresent(spec.commandLine().getErr()::println);
        overlap.flatMap(ProblemOverlap::warning)
                .ifPresent(line -> spec.commandLine().getErr().println("warning: " + line));
        List<String> warnings = new ArrayList<>();
        try (Prompts prompts = roles.prompts()) {
            prompts.check(resolved.evaluation().problems()).ifPresent(warnings::add);
        }
        warnings.addAll(sources);
        PlanWarnings.of(plan).forEach(line -> warnings.add("warning: " + line));
        TrainRun.checkMaster(resolved, at, plan.policy());
        RunFolder folder = run == null ? new RunFolder(unusedFolder(configFile())) : run;
        try (RunLock lock = resume ? RunLock.take(folder, spec.commandLine().getErr()::println) : takeNew(folder)) {
            warnings.forEach(spec.commandLine().getErr()::println);
            StoragePath log = folder.logs().child("driver.log");
            if (!log.isRemote()) Logs.to(log.local());
            else
                spec.commandLine()
                        .getErr()
                        .println("log: " + Logs.file() + ", copied to " + log.name() + " at the end");
            writeConfig(folder, resolved);
            try {
                return train(resolved, folder, at, overlap);
            } finally {
                if (log.isRemote()) Logs.copy(log);
            }
        }
    }

    /** Refuses a config that could not be run. */
    private static void check(Config resolved) {
        resolved.rewards().checkClasses();
        Losses.of(resolved.trainer().loss()); // refuses a class that cannot be made
        MetricWriters.checkPort(resolved.report());
    }

    private int train(Config resolved, RunFolder folder, String at, Optional<ProblemOverlap> overlap) {
        String again = new ResumeCommand(folder.root().name(), master).text();
        Optional<History> past = resume ? Optional.of(TrainRun.past(folder)) : Optional.empty();
        int last = past.map(History::lastStep).orElse(0);
        MetricsLog metrics = resume
                ? MetricsLog.resume(
                        folder, last, resolved.report(), spec.commandLine().getErr()::println)
                : MetricsLog.open(folder, resolved.report());
        ConsoleView console = ConsoleView.onStandardOutput(
                resolved.trainer().steps(),
                resolved.trainer().minutes(),
                resolved.rewards().weights());
        try (RunReport report = new RunReport(folder, metrics, console)) {
            report.started(start(last, resolved.expectedMismatch(), overlap));
            try {
                return TrainRun.run(resolved, folder, past, at, new ReportingListener(report, again));
            } catch (RuntimeException e) {
                report.failed(e);
                throw e;
            }
        } catch (RuntimeException e) {
            throw new RunFailedException(e, again);
        }
    }

    private static Map<String, Object> start(int lastStep, double expectedMismatch, Optional<ProblemOverlap> overlap) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", "start");
        row.put("step", lastStep);
        row.put("version", Build.VERSION);
        Build.commit().ifPresent(commit -> row.put("commit", commit));
        row.put("host", host());
        row.put("mismatchExpected", expectedMismatch);
        overlap.ifPresent(found -> row.put("evaluationInTraining", found.trained()));
        return row;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    /** The config of the file with --set; other values are defaults, some by the model and the date. */
    private Config resolved(Path file) {
        Config config =
                ConfigReader.read(Config.defaults().with(EvaluationConfig.magistral()), Optional.of(file), sets);
        if (dryRun && PlannedModel.of(config, file).isPresent())
            return config.with(config.data().dated());
        if (!Marks.of(TokenizerFiles.of(ModelFolder.resolve(config.model()))).magistral())
            config = ConfigReader.read(Config.defaults(), Optional.of(file), sets);
        return config.with(config.data().dated());
    }

    private Path configFile() {
        return Recipes.find(config);
    }

    /** Locks a new folder. A folder in use is refused as such, one with other content is refused and left unchanged. */
    private RunLock takeNew(RunFolder folder) {
        if (!folder.lock().exists()) checkEmpty(folder);
        RunLock lock = RunLock.take(folder, spec.commandLine().getErr()::println);
        try {
            checkEmpty(folder);
            RunFolder.create(folder);
            return lock;
        } catch (BadInputException e) {
            lock.close();
            throw e;
        }
    }

    private static void checkEmpty(RunFolder folder) {
        try {
            boolean file = !folder.root().isRemote()
                    && Files.isRegularFile(folder.root().local());
            List<String> others = folder.root().list().stream()
                    .filter(name -> !name.equals(folder.lock().fileName()))
                    .toList();
            if (!file && others.isEmpty()) return;
        } catch (IOException e) {
            throw new BadInputException("run folder " + folder.root().name() + " cannot be read: " + firstLine(e));
        }
        throw new BadInputException("run folder " + folder.root().name()
                + " is not empty: continue its run with --resume, or name another folder");
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** runs/2026-01-31-tiny, then runs/2026-01-31-tiny-2, ... */
    private static Path unusedFolder(Path file) {
        String name = LocalDate.now() + "-" + file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        Path folder = Path.of("runs", name);
        for (int n = 2; !isMade(folder); n++) folder = Path.of("runs", name + "-" + n);
        return folder;
    }

    /** False if the folder was there before: two processes at the same time get different folders. */
    private static boolean isMade(Path folder) {
        try {
            Files.createDirectories(folder.getParent());
            Files.createDirectory(folder);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new BadInputException("run folder " + folder + " cannot be made: " + e);
        }
    }

    private static void writeConfig(RunFolder folder, Config resolved) {
        try {
            folder.configYaml().replace(ConfigReader.print(resolved).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BadInputException("run folder " + folder.root().name() + " cannot be written: " + firstLine(e));
        }
    }
}
