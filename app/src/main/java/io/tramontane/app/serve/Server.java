package io.tramontane.app.serve;

import io.tramontane.app.http.HttpServer;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.Generator;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model as a server, from its start to its end. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final int BODIES_WAITING = 256;

    private final ServeMetrics metrics = new ServeMetrics();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final Consumer<String> console;
    private final Tokenizer encoder;
    private final Tokenizer decoder;
    private final Tokenizer sampler;
    private final Teller teller;
    private final Engine engine;
    private final Served served;
    private final Api api;
    private final HttpServer http;
    private Follower follower;

    /**
     * Loads the model and listens.
     *
     * @param console one line for what its user should know
     */
    public Server(Served served, ServerOptions options, Consumer<String> console) throws IOException {
        this.served = served;
        this.console = console;
        encoder = new HuggingFaceTokenizer(served.files());
        decoder = new HuggingFaceTokenizer(served.files());
        sampler = new HuggingFaceTokenizer(served.files());
        teller = new Teller();
        int slots = served.config().slots();
        engine = new Engine(
                () -> new Generator(served.weights(), sampler, served.config(), System.nanoTime()),
                options.threads(),
                slots + options.waiting(),
                teller,
                failure::completeExceptionally);
        gauges(slots);
        boolean loopback = options.address().getAddress().isLoopbackAddress();
        api = new Api(new Access(options.key(), loopback), metrics, routes(), BODIES_WAITING, this::fault);
        http = new HttpServer("serve-http", options.address(), options.http(), api, this::fault);
        metrics.gauge("connections", "Open connections.", http::connections);
    }

    private void gauges(int slots) {
        metrics.gauge("slots", "Sequences that are sampled at the same time.", () -> slots);
        metrics.gauge(
                "running",
                "Completions that have a slot.",
                () -> Math.min(slots, engine.open().count()));
        metrics.gauge(
                "waiting",
                "Completions that wait for a slot.",
                () -> Math.max(0, engine.open().count() - slots));
        metrics.total("drafted_tokens", "Tokens that were guessed.", engine::drafted);
        metrics.total("accepted_tokens", "Guessed tokens that the policy chose.", engine::accepted);
        metrics.gauge("policy_version", "Training steps of the weights in use.", engine::version);
    }

    private Routes routes() {
        ServedModel model = new ServedModel(
                served.name(),
                served.format(),
                new ResponseForms(served.files(), served.tags(), encoder, decoder),
                served.absent(),
                encoder,
                decoder);
        Limits limits = new Limits(served.context(), 128);
        SettingsReader settings = new SettingsReader(limits, served.absent(), encoder.vocabularySize());
        Jobs jobs = new Jobs(engine, metrics, served.name());
        Pages pages = new Pages(served, engine, metrics);
        return new Routes(
                Map.of(
                        "/",
                        pages::chat,
                        "/health",
                        pages::health,
                        "/metrics",
                        pages::metrics,
                        "/v1/models",
                        pages::models,
                        "/v1/models/" + served.name(),
                        pages::model),
                Map.of(
                        "/v1/chat/completions", new ChatEndpoint(model, settings, jobs)::accept,
                        "/v1/completions", new TextEndpoint(model, settings, jobs)::accept));
    }

    private void fault(Throwable cause) {
        LOG.error("a request could not be answered", cause);
        console.accept("a fault of the server, see its log: " + cause);
    }

    /** Follows a run: newer checkpoints are swapped in. */
    public void follow(RunFolder run) {
        follower = new Follower(run, served.weights(), engine, metrics.swaps, console);
    }

    /** The port that it listens on. */
    public int port() {
        return http.port();
    }

    /** Waits for the engine's failure, which is thrown, but no longer than this. */
    public void await(Duration longest) throws InterruptedException {
        try {
            failure.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException over) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the engine has failed", e.getCause());
        }
    }

    /** Takes no more requests, lets the live ones end within this time, then ends what is left and frees everything. */
    public void stop(Duration grace) {
        api.stopAccepting();
        http.stopAccepting();
        try {
            awaitOpen(open -> open == 0, grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    /** Waits for such a number of completions that are accepted and not finished; whether it came within this time. */
    boolean awaitOpen(IntPredicate wanted, Duration longest) throws InterruptedException {
        return engine.open().await(wanted, longest);
    }

    /** Ends it at once. */
    @Override
    public void close() {
        if (follower != null) follower.close();
        api.stopAccepting();
        engine.close();
        teller.close();
        http.close();
        api.close();
        encoder.close();
        decoder.close();
        sampler.close();
    }
}
