package io.tramontane.app.cli;

import io.tramontane.app.bench.Findings;
import io.tramontane.app.bench.MemoryBench;
import io.tramontane.app.bench.PolicyBench;
import io.tramontane.app.bench.PolicyBench.Part;
import io.tramontane.app.bench.RewardsBench;
import io.tramontane.app.bench.ScoreBench;
import io.tramontane.cluster.files.AtomicText;
import io.tramontane.data.BadInputException;
import io.tramontane.model.Dtype;
import io.tramontane.rollout.RolloutConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Benchmarks on this machine. */
@Command(
        name = "bench",
        description = "Runs benchmarks on this machine.",
        synopsisSubcommandLabel = "AREA",
        mixinStandardHelpOptions = true,
        subcommands = {
            BenchCommand.Model.class,
            ServeBenchCommand.class,
            PlanBenchCommand.class,
            RanksBenchCommand.class,
            DeviceBenchCommand.class,
            LedgerBenchCommand.class,
            BenchCommand.Rewards.class,
            BenchCommand.Score.class
        })
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "bench: no AREA given, allowed model, serve, plan, ranks, device, ledger, rewards, score");
    }

    /** Output of the figures. */
    static final class FigureOutput {
        @Option(names = "--json", description = "prints one JSON object instead of lines")
        private boolean json;

        @Option(names = "--out", paramLabel = "FILE", description = "also writes the JSON object to a file")
        private String file;

        Findings begin(String area, PrintWriter out) {
            if (file != null) new io.tramontane.cluster.files.Output("--out", file).checkFile(List.of());
            return new Findings(area, line -> {
                if (json) return;
                out.println(line);
                out.flush();
            });
        }

        void end(Findings findings, PrintWriter out) {
            if (json) out.println(findings.json().toPrettyString());
            out.flush();
            if (file == null) return;
            try (AtomicText text = AtomicText.open(file)) {
                text.line(findings.json().toPrettyString());
                text.commit();
            }
        }
    }

    /** Where Spark runs. */
    static final class SparkMaster {
        @Option(
                names = "--master",
                paramLabel = "URL",
                defaultValue = "local[2]",
                description = "Spark's master, default local[2]")
        private String master;
    }

    /** Speed of a model. */
    @Command(
            name = "model",
            description = "Decoding, prefill, training and weight swaps against this machine's rooflines.",
            mixinStandardHelpOptions = true)
    static final class Model implements Callable<Integer> {
        @Mixin
        private FigureOutput output;

        @Option(
                names = "--model",
                paramLabel = "DIR",
                defaultValue = PolicyBench.RANDOM,
                description = "as for generate, or " + PolicyBench.RANDOM
                        + ": SmolLM2-135M's shape with random weights (default)")
        private String model;

        @Option(
                names = "--threads",
                paramLabel = "N",
                defaultValue = "1",
                description = "threads of each operator (default 1, as roles have)")
        private int threads;

        @Option(
                names = "--dtype",
                paramLabel = "TYPE",
                defaultValue = "float32",
                description = "of the generator's weights: float32 (default), bfloat16, int8")
        private String dtype;

        @Option(names = "--decoding", description = "only decoding, weight swaps and prefill")
        private boolean decoding;

        @Option(names = "--memory", description = "only the memory of a training pass, for trainer.keep all and blocks")
        private boolean memory;

        @Option(
                names = "--prompt",
                paramLabel = "N",
                description = "with --memory: tokens of the pass's prompt (default ${DEFAULT-VALUE})")
        private int prompt = MemoryBench.Sequences.defaults().prompt();

        @Option(
                names = "--completions",
                paramLabel = "N",
                description = "with --memory: its completions (default ${DEFAULT-VALUE})")
        private int completions = MemoryBench.Sequences.defaults().completions();

        @Option(
                names = "--length",
                paramLabel = "N",
                description = "with --memory: tokens of each (default ${DEFAULT-VALUE})")
        private int length = MemoryBench.Sequences.defaults().length();

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            if (threads < 1) throw new BadInputException("--threads " + threads + ", allowed >= 1");
            if (decoding && memory) throw new BadInputException("--decoding and --memory, allowed one of them");
            for (int number : List.of(prompt, completions, length))
                if (number < 1)
                    throw new BadInputException("--prompt, --completions, --length " + number + ", allowed >= 1");
            Memory.ofThisMachine().check(PolicyBench.shape(model), RolloutConfig.defaults());
            PrintWriter out = spec.commandLine().getOut();
            Findings findings = output.begin("model", out);
            Part part = memory ? Part.MEMORY : decoding ? Part.DECODING : Part.ALL;
            MemoryBench.Sequences pass = new MemoryBench.Sequences(prompt, completions, length);
            PolicyBench.run(findings, model, threads, dtype(), part, pass);
            output.end(findings, out);
            return Tramontane.DONE;
        }

        private Dtype dtype() {
            return Arrays.stream(Dtype.values())
                    .filter(known -> known != Dtype.AUTO && known.toString().equals(dtype))
                    .findFirst()
                    .orElseThrow(
                            () -> new BadInputException("--dtype " + dtype + ", allowed float32, bfloat16 or int8"));
        }
    }

    /** Costs of the verifiers. */
    @Command(
            name = "rewards",
            description = "Maths checks a second, what the sandbox adds to a test, compile times, scores a second.",
            mixinStandardHelpOptions = true)
    static final class Rewards implements Callable<Integer> {
        @Mixin
        private FigureOutput output;

        @Mixin
        private SparkMaster spark;

        @Option(
                names = "--rounds",
                paramLabel = "N",
                description = "rounds over the maths corpus (default ${DEFAULT-VALUE})")
        private int rounds = RewardsBench.Size.defaults().rounds();

        @Option(names = "--runs", paramLabel = "N", description = "runs of each program (default ${DEFAULT-VALUE})")
        private int runs = RewardsBench.Size.defaults().runs();

        @Option(names = "--maths", paramLabel = "N", description = "completions to score (default ${DEFAULT-VALUE})")
        private int maths = RewardsBench.Size.defaults().maths();

        @Option(names = "--programs", paramLabel = "N", description = "programs to score (default ${DEFAULT-VALUE})")
        private int programs = RewardsBench.Size.defaults().programs();

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (Math.min(Math.min(rounds, runs), maths) < 1 || programs < 0)
                throw new BadInputException("--rounds, --runs and --maths must be at least 1, --programs at least 0");
            String master = Masters.ready(spark.master, spec.commandLine().getErr());
            PrintWriter out = spec.commandLine().getOut();
            Findings findings = output.begin("rewards", out);
            RewardsBench.run(findings, new RewardsBench.Size(rounds, runs, maths, programs), master);
            output.end(findings, out);
            return Tramontane.DONE;
        }
    }

    /** Whether scoring is linear in time and constant in memory. */
    @Command(
            name = "score",
            description = "Time and live heap of the score command on files of growing sizes.",
            mixinStandardHelpOptions = true)
    static final class Score implements Callable<Integer> {
        @Mixin
        private FigureOutput output;

        @Mixin
        private SparkMaster spark;

        @Option(
                names = "--lines",
                paramLabel = "N,N",
                split = ",",
                defaultValue = "10000,100000",
                description = "sizes of the files (default 10000,100000)")
        private List<Integer> lines;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            if (lines.stream().anyMatch(n -> n < 1)) throw new BadInputException("--lines " + lines + ", allowed >= 1");
            String master = Masters.ready(spark.master, spec.commandLine().getErr());
            PrintWriter out = spec.commandLine().getOut();
            Findings findings = output.begin("score", out);
            new ScoreBench(findings, master).sizes(lines);
            output.end(findings, out);
            return Tramontane.DONE;
        }
    }
}
