package io.tramontane.app.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.app.http.HttpLimits;
import io.tramontane.app.serve.QuestionFormat;
import io.tramontane.app.serve.Served;
import io.tramontane.app.serve.Server;
import io.tramontane.app.serve.ServerOptions;
import io.tramontane.data.DaemonThreads;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.ComputeThread;
import io.tramontane.model.Dtype;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.SamplingParameters;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.rollout.CompletionRequest;
import io.tramontane.rollout.Generator;
import io.tramontane.rollout.RolloutConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server under load, with clients in the same process: the throughput of as many clients as there are slots beside that
 * of the generator alone, and the time to the first token of a short request, alone and beside long prompts and long
 * completions.
 */
public final class ServeBench {
    private final Findings findings;
    private final ObjectNode json;
    private final Size size;
    private final Served served;
    private final int threads;
    private final int vocabulary;

    /**
     * How much is measured.
     *
     * @param clients at the same time, and slots
     * @param rounds requests of each client, one after the other
     * @param completion longest completion of the throughput, in tokens
     * @param longPrompt tokens of a long prompt
     * @param longClients clients with long prompts and long completions
     * @param asked short requests whose first token is timed
     */
    public record Size(int clients, int rounds, int completion, int longPrompt, int longClients, int asked) {
        /** 64 clients. */
        public static Size defaults() {
            return new Size(64, 2, 128, 1024, 16, 40);
        }

        /** Prompt and completion of a long request. */
        int context() {
            return longPrompt + 512;
        }
    }

    private static final int SHORT_PROMPT = 16;

    /** Of a model; prompts are random ids that its tokenizer has. */
    public ServeBench(Findings findings, WeightSnapshot weights, TokenizerFiles files, int threads, Size size) {
        this.findings = findings;
        this.json = findings.group("serve");
        this.size = size;
        this.threads = threads;
        try (Tokenizer tokenizer = new HuggingFaceTokenizer(files)) {
            this.vocabulary = Math.min(weights.config().vocabulary(), tokenizer.vocabularySize());
        }
        int context = Math.min(size.context(), weights.config().positions());
        RolloutConfig config = Served.generator(size.clients(), context, Dtype.FLOAT32);
        this.served = new Served(
                "bench",
                weights,
                files,
                new QuestionFormat(ChatTemplates.TINY),
                ThinkTags.ANGLE,
                new SamplingParameters(1, 1),
                config,
                context);
    }

    /** Measures. */
    public void run() throws IOException, InterruptedException, ExecutionException {
        findings.print(
                "%,d parameters, float32, %d slots of %d tokens, threads of an operator: %d",
                served.weights().config().parameters(), size.clients(), served.context(), threads);
        double alone = Math.max(alone(), alone()); // the first pass is also the warm-up
        figure(new Figure("generator alone, " + size.clients() + " slots", alone, "tokens/s"));
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpLimits limits = HttpLimits.defaults();
        ServerOptions options = new ServerOptions(address, "", 1024, threads, limits);
        try (Server server = new Server(served, options, line -> findings.print("%s", line))) {
            ServeClients clients = new ServeClients(server.port());
            clients.ask(prompt(SHORT_PROMPT, 0), 8);
            double together = Math.max(together(clients), together(clients));
            figure(new Figure(
                    size.clients() + " clients", together, "tokens/s", together / alone, "the generator alone"));
            firstTokens("first token, idle", clients);
            beside(clients);
        }
    }

    private void figure(Figure figure) {
        findings.print("%s", figure.text());
        ObjectNode node =
                json.putObject(figure.name()).put("value", figure.value()).put("unit", figure.unit());
        if (!figure.of().isEmpty()) node.put("share", figure.share()).put("of", figure.of());
    }

    private int[] prompt(int length, long seed) {
        return new Random(seed).ints(length, 300, vocabulary).toArray();
    }

    /** The same requests without a server: when one ends, the next starts. In a thread of its own, as an engine's. */
    private double alone() throws InterruptedException, ExecutionException {
        ExecutorService thread = Executors.newSingleThreadExecutor(DaemonThreads.named("bench-generator"));
        try {
            return thread.submit(this::generate).get();
        } finally {
            thread.shutdown();
        }
    }

    private double generate() {
        ComputeThread.prepare(threads);
        try (Tokenizer tokenizer = new HuggingFaceTokenizer(served.files());
                Generator generator = new Generator(served.weights(), tokenizer, served.config(), 1)) {
            submit(generator, 1_000_000, 1);
            while (generator.live() > 0) generator.step();
            long before = generator.sampled();
            int count = size.clients() * size.rounds();
            double seconds = Stopwatch.seconds(() -> {
                int next = 0;
                while (next < count || generator.live() > 0) {
                    while (next < count && generator.freeSlots() > 0) submit(generator, next++, size.completion());
                    generator.step();
                }
            });
            return (generator.sampled() - before) / seconds;
        }
    }

    private void submit(Generator generator, int id, int longest) {
        generator.submit(CompletionRequest.of(id, prompt(SHORT_PROMPT, id))
                .maxTokens(longest)
                .build());
    }

    private double together(ServeClients clients) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(size.clients(), DaemonThreads.named("bench-client"));
        try {
            long before = clients.tokens();
            List<Future<?>> all = new ArrayList<>();
            long begin = System.nanoTime();
            for (int client = 0; client < size.clients(); client++) {
                int first = client;
                all.add(threads.submit(() -> {
                    for (int round = 0; round < size.rounds(); round++)
                        clients.ask(prompt(SHORT_PROMPT, first + (long) round * size.clients()), size.completion());
                }));
            }
            for (Future<?> one : all) one.get();
            return (clients.tokens() - before) / ((System.nanoTime() - begin) * 1e-9);
        } finally {
            threads.shutdown();
        }
    }

    /** First tokens while other clients send long prompts and want long completions, again and again, until they are cut off. */
    private void beside(ServeClients clients) throws InterruptedException {
        ExecutorService threads =
                Executors.newFixedThreadPool(size.longClients(), DaemonThreads.named("bench-long-client"));
        AtomicBoolean over = new AtomicBoolean();
        int longPrompt = Math.min(size.longPrompt(), served.context() * 2 / 3);
        try {
            for (int client = 0; client < size.longClients(); client++) {
                long seed = client;
                threads.execute(() -> {
                    for (long round = 0; !over.get(); round++)
                        clients.askWhile(over, prompt(longPrompt, seed + 1000 * round), served.context() - longPrompt);
                });
            }
            firstTokens("first token beside " + size.longClients() + " clients with prompts of " + longPrompt, clients);
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    private void firstTokens(String name, ServeClients clients) {
        double[] seconds = new double[size.asked()];
        for (int i = 0; i < seconds.length; i++) seconds[i] = clients.ask(prompt(SHORT_PROMPT, 7000 + i), 8);
        Arrays.sort(seconds);
        figure(new Figure(name + ", median", Findings.quantile(seconds, .5), "s"));
        figure(new Figure(name + ", 95 %", Findings.quantile(seconds, .95), "s"));
    }

    /** The body of SmolLM2-135M with random weights and the tiny tokenizer's vocabulary. */
    public static WeightSnapshot random(int vocabulary) {
        return PolicyBench.random(new PolicyConfig(30, 576, 9, 3, 64, 1536, vocabulary, 8192, 100_000, 1e-5, true, 0));
    }
}
