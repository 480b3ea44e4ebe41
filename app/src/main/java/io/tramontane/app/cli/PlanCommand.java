package io.tramontane.app.cli;

import io.tramontane.app.cli.SplitSearch.Split;
import io.tramontane.app.plan.Amount;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.config.PlanConfig;
import io.tramontane.data.BadInputException;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.PolicyConfig;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a recipe would be divided among devices, for a model of which nothing but its shape is here. */
@Command(
        name = "plan",
        description = "Divides GPUs into trainers and generators for a model of which only config.json is needed.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: tramontane plan --model conf/shapes/mistral-small-24b.json --gpus 64",
            "Rates and memory default to an H100 SXM; every assumption is printed. See docs/plan.md."
        })
final class PlanCommand implements Callable<Integer> {
    /** Of a layer and besides, in a decoding step; seconds that one takes to start. */
    private static final int LAYER_OPERATORS = 38;

    private static final int OTHER_OPERATORS = 85;
    private static final double LAUNCH = 5e-6;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "FILE",
            description = "config.json of Hugging Face, or a folder with one; no weights are needed")
    private Path model;

    @Option(names = "--gpus", required = true, paramLabel = "N", description = "devices of trainers and generators")
    private int gpus;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "recipe with lengths, batches and loss (default conf/magistral-small.yaml)")
    private Path config;

    @Option(names = "--memory", paramLabel = "BYTES", description = "of a device (default 80e9)")
    private double memory = 80e9;

    @Option(
            names = "--flops",
            paramLabel = "FLOP/S",
            description = "that a device reaches in products (default 4e14: 40 %% of an H100's 989e12 in bfloat16)")
    private double flops = 4e14;

    @Option(
            names = "--bandwidth",
            paramLabel = "BYTES/S",
            description = "that a device reads from its memory (default 2.7e12: 80 %% of an H100's 3.35e12)")
    private double bandwidth = 2.7e12;

    @Option(
            names = "--network",
            paramLabel = "BYTES/S",
            description = "that a device sends and takes (default 4e10: 80 %% of 400 Gbit/s)")
    private double network = 4e10;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "overrides one value of the recipe; may be repeated")
    private List<String> sets = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (gpus < 2) throw new BadInputException("--gpus " + gpus + ", allowed >= 2: a trainer and a generator");
        PolicyConfig shape = Checkpoint.statedConfig(shapeFile());
        Config recipe = ConfigReader.read(Config.defaults(), Optional.of(recipe()), given(shape));
        Plan plan = new Plan(recipe, shape);
        if (!(plan.config().plan().memory() > 0 && plan.step().isTimed()))
            throw new BadInputException("plan.memory and plan.flops must be more than 0 to divide GPUs");
        PrintWriter out = spec.commandLine().getOut();
        assumptions(plan).forEach(line -> out.println("# assumed: " + line));
        SplitSearch search = new SplitSearch(plan, gpus);
        List<Split> splits = search.splits();
        Split best = splits.get(0);
        long fitting = splits.stream().filter(Split::fits).count();
        out.printf(
                Locale.ROOT, "# %d ways tried, %d fit; the best of each number of trainers:%n", splits.size(), fitting);
        for (int trainers : search.trainers())
            SplitSearch.bestOf(splits, trainers).ifPresent(split -> out.println("#   " + text(split)));
        out.println(best.fits() ? "# the best:" : "# none fits; the one that lacks least:");
        out.print(best.plan().text());
        out.println("tramontane train --config " + recipe() + " --set " + String.join(" --set ", made(best)));
        out.flush();
        return Tramontane.DONE;
    }

    private Path shapeFile() {
        Path file = Files.isDirectory(model) ? model.resolve("config.json") : model;
        if (!Files.isRegularFile(file)) throw new BadInputException("--model " + model + ": no such config.json");
        return file;
    }

    private Path recipe() {
        if (config != null) return config;
        return Path.of(System.getProperty("tramontane.root", ".")).resolve("conf/magistral-small.yaml");
    }

    /** The device, then what the user sets. */
    private List<String> given(PolicyConfig shape) {
        List<String> given = new ArrayList<>(List.of(
                "plan.model=" + shapeFile(),
                "plan.memory=" + memory,
                "plan.flops=" + flops,
                "plan.decodeFlops=0",
                "plan.memoryBandwidth=" + bandwidth,
                "plan.networkBandwidth=" + network,
                "plan.rankBandwidth=0",
                String.format(
                        Locale.ROOT,
                        "plan.launchSeconds=%.6f",
                        (LAYER_OPERATORS * shape.layers() + OTHER_OPERATORS) * LAUNCH)));
        given.addAll(sets);
        return given;
    }

    private List<String> made(Split best) {
        List<String> made = new ArrayList<>(given(best.plan().policy()));
        made.addAll(best.sets());
        return made;
    }

    private List<String> assumptions(Plan plan) {
        PlanConfig rates = plan.config().plan();
        Config run = plan.config();
        return List.of(
                String.format(
                        Locale.ROOT,
                        "%d devices of %s each, all alike; verifiers run on CPUs",
                        gpus,
                        Amount.bytes(rates.memory())),
                String.format(
                        Locale.ROOT,
                        "a device reaches %.3g FLOP/s in products, reads %s/s, sends and takes %s/s; a token step takes %.4f s"
                                + " besides (%d operators a layer and %d more, %.0f us each); none of it measured on a GPU",
                        rates.flops(),
                        Amount.bytes(rates.memoryBandwidth()),
                        Amount.bytes(rates.networkBandwidth()),
                        rates.launchSeconds(),
                        LAYER_OPERATORS,
                        OTHER_OPERATORS,
                        LAUNCH * 1e6),
                String.format(
                        Locale.ROOT,
                        "%s: batches of %,d completions in groups of %d, prompts of %,.0f tokens (at most %,d), completions of"
                                + " %,.0f (at most %,d), spread %s, %s of the groups have a signal",
                        recipe(),
                        run.trainer().batchSize(),
                        run.rollout().groupSize(),
                        plan.step().prompt(),
                        run.rollout().maxPromptTokens(),
                        plan.step().completion(),
                        run.rollout().maxTokens(),
                        rates.spread(),
                        rates.signalShare()),
                String.format(
                        Locale.ROOT,
                        "trainers compute in %s, generators in %s with all weights on one device each",
                        run.trainer().dtype(),
                        run.rollout().dtype()));
    }

    private static String text(Split split) {
        Config config = split.plan().config();
        return String.format(
                Locale.ROOT,
                "%d trainers, %d generators, shard %s, keep %s, microbatches of %,d, %d slots: %,.0f s a step, trainer %s,"
                        + " generator %s%s",
                config.cluster().trainers(),
                config.cluster().generators().most(),
                config.trainer().shard(),
                config.trainer().keep(),
                config.trainer().microbatchTokens(),
                config.rollout().slots(),
                split.seconds(),
                Amount.bytes(split.plan().trainerBytes()),
                Amount.bytes(split.plan().generatorBytes()),
                split.fits() ? "" : ", DOES NOT FIT");
    }
}
