package io.tramontane.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.files.AtomicText;
import io.tramontane.cluster.files.Output;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.JsonReading;
import io.tramontane.rollout.SampledLogprobs;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Completions of prompts, with token ids and log-probabilities, in the form that {@code score} reads. */
@Command(
        name = "generate",
        description = "Samples completions of prompts or problems.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Each line of the output: problemId, group (always 0), completion, tokenCount, promptTokens, tokens, logprobs,",
            "processedLogprobs, finished. logprobs are of the raw distribution (temperature 1, nothing cut), as the command",
            "logprobs says; processedLogprobs of the one that was sampled from, after temperature and top-p.",
            "Example: tramontane generate --model builtin:tiny --prompts P.jsonl --out G.jsonl --samples 4"
        })
final class GenerateCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = JsonReading.mapper();

    @Mixin
    private SamplingOptions sampling;

    @Option(
            names = "--prompts",
            required = true,
            paramLabel = "FILE",
            description = "problems, or JSON lines with \"prompt\" (used as it is) and perhaps \"id\"")
    private Path prompts;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "completions, JSON lines (.gz compresses)")
    private String out;

    @Option(
            names = "--control-tokens",
            description =
                    "control strings in a \"prompt\", such as <s> or [INST], are the tokens that they name; by default they are text")
    private boolean controlTokens;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "1",
            description = "completions per prompt (default 1)")
    private int samples;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "1",
            description = "divides the logits, 0 is greedy (default 1)")
    private double temperature;

    @Option(names = "--top-p", paramLabel = "P", defaultValue = "1", description = "nucleus, 0 to 1 (default 1)")
    private double topP;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Output output = new Output("--out", out);
        output.checkFile(Output.inputs(prompts.toString(), sampling.model()));
        List<Prompt> all = Prompt.read(prompts, controlTokens, sampling::template);
        output.replaces().ifPresent(spec.commandLine().getErr()::println);
        try (AtomicText file = AtomicText.open(out);
                Bar bar = Bar.of("generate", all.size(), spec.commandLine().getErr())) {
            Map<CompletionKey, SampledLogprobs> sampledLogprobs = new ConcurrentHashMap<>();
            sampling.listen(logprobs ->
                    sampledLogprobs.put(new CompletionKey(logprobs.group(), logprobs.completion()), logprobs));
            InOrder order = new InOrder(file, sampledLogprobs);
            sampling.sample(all, new SamplingPlan.Parameters(samples, temperature, topP), group -> {
                order.accept(group);
                bar.step();
            });
            file.commit();
        }
        spec.commandLine()
                .getErr()
                .println(all.size() * samples + " completions of " + all.size() + " prompts in " + out);
        return Tramontane.DONE;
    }

    /** Names one completion. */
    private record CompletionKey(long group, int completion) {}

    /** Groups come in any order; they are written in the order of the prompts. */
    private static final class InOrder {
        private final AtomicText file;
        private final Map<CompletionKey, SampledLogprobs> sampledLogprobs;
        private final Map<Long, Group> early = new HashMap<>();
        private long next;

        InOrder(AtomicText file, Map<CompletionKey, SampledLogprobs> sampledLogprobs) {
            this.file = file;
            this.sampledLogprobs = sampledLogprobs;
        }

        void accept(Group group) {
            early.put(group.id(), group);
            for (Group ready = early.remove(next); ready != null; ready = early.remove(next)) {
                for (int i = 0; i < ready.completions().size(); i++)
                    file.line(line(
                            ready,
                            ready.completions().get(i),
                            sampledLogprobs.remove(new CompletionKey(ready.id(), i))));
                next++;
            }
        }
    }

    private static String line(Group group, Completion completion, SampledLogprobs sampledLogprobs) {
        ObjectNode line = JSON.createObjectNode();
        line.put("problemId", group.problem().id());
        line.put("group", 0);
        line.put("completion", completion.text());
        line.put("tokenCount", completion.length());
        ArrayNode promptTokens = line.putArray("promptTokens");
        for (int token : group.promptTokens()) promptTokens.add(token);
        ArrayNode tokens = line.putArray("tokens");
        for (int token : completion.tokens()) tokens.add(token);
        ArrayNode logprobs = line.putArray("logprobs");
        for (float logprob : sampledLogprobs.raw()) logprobs.add(logprob);
        ArrayNode processed = line.putArray("processedLogprobs");
        for (float logprob : sampledLogprobs.processed()) processed.add(logprob);
        line.put("finished", completion.finished());
        return line.toString();
    }
}
