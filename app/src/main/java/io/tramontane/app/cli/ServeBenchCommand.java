package io.tramontane.app.cli;

import io.tramontane.app.bench.Findings;
import io.tramontane.app.bench.PolicyBench;
import io.tramontane.app.bench.ServeBench;
import io.tramontane.data.BadInputException;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Speed of a server. */
@Command(
        name = "serve",
        description =
                "Throughput of a server with many clients beside its generator alone, and times to the first token.",
        mixinStandardHelpOptions = true)
final class ServeBenchCommand implements Callable<Integer> {
    @Mixin
    private BenchCommand.FigureOutput output;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            defaultValue = PolicyBench.RANDOM,
            description = "as for generate, or " + PolicyBench.RANDOM
                    + ": SmolLM2-135M's layers with random weights and a vocabulary of 1,049 (default)")
    private String model;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "threads of each operator (default 1)")
    private int threads;

    @Option(names = "--clients", paramLabel = "N", description = "clients, and slots (default ${DEFAULT-VALUE})")
    private int clients = ServeBench.Size.defaults().clients();

    @Option(names = "--rounds", paramLabel = "N", description = "requests of each client (default ${DEFAULT-VALUE})")
    private int rounds = ServeBench.Size.defaults().rounds();

    @Option(names = "--asked", paramLabel = "N", description = "first tokens that are timed (default ${DEFAULT-VALUE})")
    private int asked = ServeBench.Size.defaults().asked();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        if (Math.min(Math.min(threads, clients), Math.min(rounds, asked)) < 1)
            throw new BadInputException("--threads, --clients, --rounds and --asked must be at least 1");
        PrintWriter out = spec.commandLine().getOut();
        Findings findings = output.begin("serve", out);
        boolean random = model.equals(PolicyBench.RANDOM);
        Path folder = ModelFolder.resolve(random ? ModelFolder.TINY : model);
        TokenizerFiles files = TokenizerFiles.of(folder);
        ServeBench.Size most = ServeBench.Size.defaults();
        ServeBench.Size size =
                new ServeBench.Size(clients, rounds, most.completion(), most.longPrompt(), most.longClients(), asked);
        new ServeBench(findings, random ? random(files) : Checkpoint.read(folder, 0), files, threads, size).run();
        output.end(findings, out);
        return Tramontane.DONE;
    }

    private static WeightSnapshot random(TokenizerFiles files) {
        try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(files)) {
            return ServeBench.random(tokenizer.vocabularySize());
        }
    }
}
