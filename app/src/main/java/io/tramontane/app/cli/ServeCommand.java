package io.tramontane.app.cli;

import io.tramontane.app.http.HttpLimits;
import io.tramontane.app.serve.Served;
import io.tramontane.app.serve.Server;
import io.tramontane.app.serve.ServerOptions;
import io.tramontane.data.BadInputException;
import io.tramontane.model.Dtype;
import io.tramontane.model.PolicyConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A model behind OpenAI's API. */
@Command(
        name = "serve",
        description = "Serves a model: OpenAI's API, streaming, and a chat page at /.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Ctrl-C and SIGTERM let live requests end for ten seconds. docs/serving.md has the endpoints and their limits.",
            "Example: tramontane serve --model builtin:tiny",
            "         tramontane serve --run runs/2026-01-31-tiny"
        })
final class ServeCommand implements Callable<Integer> {
    private static final int MOST_WAITING = 100_000;

    @Mixin
    private ServedOptions model;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "address to listen on; 0.0.0.0 is every network (default 127.0.0.1, this machine only)")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8000",
            description = "port; 0 takes a free one (default 8000)")
    private int port;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description =
                    "clients must send it; without the flag that of the variable TRAMONTANE_API_KEY, if it is set")
    private String key;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "64",
            description = "sequences that are sampled at the same time, fewer if memory is short (default 64)")
    private int slots;

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "256",
            description = "completions that may wait for a slot; further requests get status 429 (default 256)")
    private int queue;

    @Option(
            names = "--max-context",
            paramLabel = "N",
            description =
                    "longest prompt and completion together, in tokens (default the model's, at most 32768, less if"
                            + " memory is short)")
    private Integer context;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "auto",
            description =
                    "type of weights, keys and values: auto (default; bfloat16 on a GPU, float32 on a CPU), float32,"
                            + " bfloat16, int8 (weights alone, on a CPU)")
    private String dtype;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "threads of an operator (default: one for small models, else the cores)")
    private Integer threads;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "0",
            description = "ends after so many minutes; 0 is never (default)")
    private double minutes;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        model.check();
        InetSocketAddress address = address();
        if (!(minutes >= 0)) throw new BadInputException("--minutes " + minutes + ", allowed >= 0");
        if (queue < 0 || queue > MOST_WAITING)
            throw new BadInputException("--queue " + queue + ", allowed 0 to " + MOST_WAITING);
        if (threads != null && threads < 1) throw new BadInputException("--threads " + threads + ", allowed >= 1");
        checkFree(address);
        PolicyConfig shape = model.shape();
        ServePlan plan = ServePlan.of(shape, slots, context, dtype(), Memory.ofThisMachine());
        Served served = model.served(plan.config(), plan.context());
        ServerOptions options = new ServerOptions(address, key(), queue, threads(shape), HttpLimits.defaults());
        run(served, options, plan);
        return Tramontane.DONE;
    }

    private void run(Served served, ServerOptions options, ServePlan plan) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Server server = new Server(served, options, line -> {
            out.println(line);
            out.flush();
        });
        Thread hook = new Thread(() -> server.stop(ServerOptions.GRACE), "serve-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            String url = "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port();
            out.println(url + "/v1  model " + served.name() + ", policy version "
                    + served.weights().version() + ", " + plan.text() + "; chat page " + url + "/  (Ctrl-C ends it)");
            out.flush();
            model.run().ifPresent(server::follow);
            server.await(minutes == 0 ? Duration.ofDays(36_500) : Duration.ofMillis((long) (60_000 * minutes)));
        } finally {
            if (!InterruptNotice.processEnds()) {
                Runtime.getRuntime().removeShutdownHook(hook);
                server.stop(ServerOptions.GRACE);
            }
        }
    }

    private InetSocketAddress address() {
        if (port < 0 || port > 65535) throw new BadInputException("--port " + port + ", allowed 0 to 65535");
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new BadInputException("--host " + host + " is no address of this machine");
        }
    }

    /** Before a model is loaded for minutes. */
    private static void checkFree(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException e) {
            throw new BadInputException("--host " + address.getHostString() + " --port " + address.getPort()
                    + " cannot be listened on: " + e.getMessage());
        }
    }

    private String key() {
        String given = key != null ? key : System.getenv().getOrDefault("TRAMONTANE_API_KEY", "");
        if (key != null && key.isEmpty()) throw new BadInputException("--api-key is empty");
        return given;
    }

    private Dtype dtype() {
        return Arrays.stream(Dtype.values())
                .filter(known -> known.toString().equals(dtype.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () -> new BadInputException("--dtype " + dtype + ", allowed auto, float32, bfloat16 or int8"));
    }

    private int threads(PolicyConfig shape) {
        if (threads != null) return threads;
        return OperatorThreads.of(shape, Runtime.getRuntime().availableProcessors());
    }
}
