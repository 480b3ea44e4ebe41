package io.tramontane.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.app.bench.Findings;
import io.tramontane.app.bench.RateBench;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ComputeThread;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.WeightSnapshot;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Rates of this machine for a plan. */
@Command(
        name = "plan",
        description = "Rates of this machine for plan.* of a recipe, and the step that they predict.",
        mixinStandardHelpOptions = true)
final class PlanBenchCommand implements Callable<Integer> {
    @Mixin
    private BenchCommand.FigureOutput output;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "YAML, a recipe of train")
    private Path config;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "overrides one value of the config; may be repeated")
    private List<String> sets = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Config resolved = ConfigReader.read(Config.defaults(), Optional.of(config), sets);
        Path model = ModelFolder.resolve(resolved.model());
        Plan plan = new Plan(resolved, Checkpoint.fittingConfig(model));
        plan.checkThisMachine();
        WeightSnapshot weights = Checkpoint.read(model, 0);
        ComputeThread.prepare(resolved.cluster().threads());
        PrintWriter out = spec.commandLine().getOut();
        Findings findings = output.begin("plan", out);
        RateBench.Rates rates = new RateBench(weights, plan.step()).run();
        ObjectNode json = findings.group("plan");
        for (String setting : rates.settings()) {
            findings.print("%s", setting);
            String[] both = setting.split("=");
            json.put(both[0], Double.parseDouble(both[1]));
        }
        Config rated = ConfigReader.read(resolved, Optional.empty(), rates.settings());
        Plan predicted = new Plan(rated, plan.policy());
        findings.print("predicted seconds per step: %s", predicted.step().time().text());
        json.put("secondsPerStep", predicted.step().time().seconds());
        output.end(findings, out);
        return Tramontane.DONE;
    }
}
