package io.tramontane.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.files.AtomicText;
import io.tramontane.cluster.files.Output;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonLines;
import io.tramontane.data.JsonReading;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.ComputeThread;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.Numerics;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.SequenceScorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Log-probabilities of given tokens. */
@Command(
        name = "logprobs",
        description = "The log-probability of each token after the first, of given sequences of token ids.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Input: lines with \"tokens\". Output: the same lines with \"logprobs\", one number less than tokens: of the",
            "raw distribution, temperature 1, nothing cut.",
            "Example: tramontane logprobs --model builtin:tiny --tokens F.jsonl --out G.jsonl"
        })
final class LogprobsCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = JsonReading.mapper();

    /** Tokens of one pass, unless one sequence is longer. */
    private static final int PASS_TOKENS = 2048;

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "as for generate")
    private String model;

    @Option(names = "--tokens", required = true, paramLabel = "FILE", description = "JSON lines with \"tokens\"")
    private Path tokens;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "JSON lines (.gz compresses)")
    private String out;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Output output = new Output("--out", out);
        output.checkFile(Output.inputs(tokens.toString(), model));
        Path folder = ModelFolder.resolve(model);
        PolicyConfig shape = Checkpoint.fittingConfig(folder);
        Memory.ofThisMachine().check(shape);
        List<ObjectNode> lines = read(shape);
        output.replaces().ifPresent(spec.commandLine().getErr()::println);
        ComputeThread.prepare();
        try (AtomicText file = AtomicText.open(out);
                Bar bar = Bar.of("logprobs", lines.size(), spec.commandLine().getErr());
                SequenceScorer scorer =
                        new SequenceScorer(Checkpoint.read(folder, 0), Numerics.FAST, ComputeDevice.available())) {
            for (int from = 0; from < lines.size(); ) {
                List<int[]> sequences = passFrom(lines, from);
                for (float[] scored : scorer.logprobs(sequences)) {
                    ObjectNode line = lines.get(from++);
                    ArrayNode logprobs = line.putArray("logprobs");
                    for (float logprob : scored) logprobs.add(logprob);
                    file.line(line.toString());
                    bar.step();
                }
            }
            file.commit();
        }
        return Tramontane.DONE;
    }

    /** Sequences of one pass: from position {@code from} on, up to {@link #PASS_TOKENS} tokens. */
    private static List<int[]> passFrom(List<ObjectNode> lines, int from) {
        List<int[]> sequences = new ArrayList<>();
        int tokens = 0;
        for (ObjectNode line : lines.subList(from, lines.size())) {
            int[] sequence = JSON.convertValue(line.get("tokens"), int[].class);
            tokens += sequence.length;
            if (tokens > PASS_TOKENS && !sequences.isEmpty()) break;
            sequences.add(sequence);
        }
        return sequences;
    }

    private List<ObjectNode> read(PolicyConfig shape) {
        List<ObjectNode> lines = new ArrayList<>();
        try (JsonLines in = JsonLines.open(tokens)) {
            while (in.hasNext()) {
                JsonLines.Line line = in.next();
                JsonNode ids = line.object().path("tokens");
                if (!ids.isArray() || ids.isEmpty())
                    throw new BadInputException(line.where() + ": field \"tokens\" must be a list of token ids");
                if (ids.size() > shape.positions())
                    throw new BadInputException(
                            line.where() + ": " + ids.size() + " tokens, allowed " + shape.positions());
                for (JsonNode id : ids)
                    if (!id.isInt() || id.asInt() < 0 || id.asInt() >= shape.vocabulary())
                        throw new BadInputException(
                                line.where() + ": token " + id + ", allowed 0 to " + (shape.vocabulary() - 1));
                lines.add(line.object());
            }
        }
        return lines;
    }
}
