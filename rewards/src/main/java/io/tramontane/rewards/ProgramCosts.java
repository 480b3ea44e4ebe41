package io.tramontane.rewards;

import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.data.Problem.TestCase;
import io.tramontane.rewards.CompiledPrograms.Compiled;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the sandbox and the precompiled header cost on this machine; for {@code bench rewards}. Not for rewards. */
public final class ProgramCosts implements AutoCloseable {
    private static final String PYTHON_SUM = "a, b = map(int, input().split())\nprint(a + b)\n";
    private static final String CPP_SUM =
            "#include <bits/stdc++.h>\nint main() { long a, b; std::cin >> a >> b; std::cout << a + b; }\n";
    private static final Duration BARE_LIMIT = Duration.ofSeconds(60);
    private static final int MESSAGE = 1_000;
    private static final TestCase TEST = new TestCase("1 2\n", "3\n");
    /** About what a contest's program uses: containers, algorithms, streams. */
    private static final String CPP_TYPICAL =
            """
            #include <bits/stdc++.h>
            using namespace std;
            int main() {
                int n, m; cin >> n >> m;
                vector<vector<pair<int, long long>>> roads(n);
                map<string, int> names; set<pair<int, int>> seen;
                for (int i = 0; i < m; i++) {
                    string a, b; long long w; cin >> a >> b >> w;
                    int x = names.try_emplace(a, names.size()).first->second, y = names.try_emplace(b, names.size()).first->second;
                    if (seen.insert({min(x, y), max(x, y)}).second) { roads[x].push_back({y, w}); roads[y].push_back({x, w}); }
                }
                priority_queue<pair<long long, int>, vector<pair<long long, int>>, greater<>> queue;
                vector<long long> far(n, LLONG_MAX); queue.push({far[0] = 0, 0});
                while (!queue.empty()) {
                    auto [d, x] = queue.top(); queue.pop();
                    if (d > far[x]) continue;
                    for (auto [y, w] : roads[x]) if (d + w < far[y]) queue.push({far[y] = d + w, y});
                }
                sort(far.begin(), far.end()); far.erase(unique(far.begin(), far.end()), far.end());
                cout << fixed << setprecision(6) << accumulate(far.begin(), far.end(), 0.0) / far.size() << endl;
            }
            """;

    private final CodeEnvironment environment;

    private ProgramCosts(CodeEnvironment environment) {
        this.environment = environment;
    }

    /** Tries the sandbox; fails with the reason where there is none. */
    public static ProgramCosts open(RewardConfig config) throws IOException {
        CodeEnvironment environment = CodeEnvironment.open(config);
        if (environment.verifier() == null)
            throw new IOException("code is not judged here: " + environment.unavailable());
        return new ProgramCosts(environment);
    }

    /**
     * A program that adds two numbers, run in turn without and with the sandbox.
     *
     * @param bareMillis [runs] a process of the same command, from start to end
     * @param sandboxedMillis [runs] the same as a test, comparison included
     */
    public record Overhead(List<Double> bareMillis, List<Double> sandboxedMillis) {
        /** Median with the sandbox less median without. */
        public double medianMillis() {
            return median(sandboxedMillis) - median(bareMillis);
        }

        private static double median(List<Double> values) {
            return values.stream().sorted().toList().get(values.size() / 2);
        }
    }

    /** Runs the two in turn, so that both meet the same machine; the first of each is not counted. */
    public Overhead overhead(CodeLanguage language, int runs) throws IOException, InterruptedException {
        List<Double> bare = new ArrayList<>();
        List<Double> sandboxed = new ArrayList<>();
        String source = language == CodeLanguage.PYTHON ? PYTHON_SUM : CPP_SUM;
        try (Programs.Program program = environment.programs().prepare(language, source)) {
            for (int i = 0; i <= runs; i++) {
                double without = bareMillis(program);
                long start = System.nanoTime();
                TestRun run = environment.runner().run(program, TEST);
                double with = (System.nanoTime() - start) / 1e6;
                if (!run.passed()) throw new IOException("the program that is timed failed: " + run);
                if (i == 0) continue;
                bare.add(without);
                sandboxed.add(with);
            }
        }
        return new Overhead(bare, sandboxed);
    }

    private static double bareMillis(Programs.Program program) throws IOException, InterruptedException {
        List<String> command = program.command().stream()
                .map(word -> word.replaceFirst("^/job", program.folder().toString()))
                .toList();
        return millis(command, BARE_LIMIT);
    }

    /** From start to end of a process that adds the two numbers; what it prints fits into the pipe, so it need not be read. */
    static double millis(List<String> command, Duration limit) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        long start = System.nanoTime();
        Process process = builder.start();
        try {
            IOException unread = write(process);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                throw new IOException(what(command) + " has not ended after " + limit.toMillis() / 1e3 + " s");
            double millis = (System.nanoTime() - start) / 1e6;
            if (unread != null || process.exitValue() != 0)
                throw new IOException(
                        what(command) + " ended with exit code " + process.exitValue() + " and said: "
                                + new String(process.getErrorStream().readNBytes(MESSAGE), StandardCharsets.UTF_8),
                        unread);
            return millis;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Gives the program its input; the failure of one that ended without reading it. */
    private static IOException write(Process process) {
        try (OutputStream input = process.getOutputStream()) {
            input.write(TEST.stdin().getBytes(StandardCharsets.US_ASCII));
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private static String what(List<String> command) {
        return "the program that is timed without a sandbox, " + String.join(" ", command) + ",";
    }

    /** Seconds that one compilation of a typical contest program takes, in the sandbox, without or with the header. */
    public double compileSeconds(boolean precompiledHeader) throws IOException {
        Path header = precompiledHeader ? environment.programs().compiler().precompiled() : null;
        if (precompiledHeader && header == null) throw new IOException("there is no precompiled header");
        long start = System.nanoTime();
        Compiled compiled = environment.programs().compiler().compile(CPP_TYPICAL, header);
        double seconds = (System.nanoTime() - start) / 1e9;
        Bubblewrap.delete(compiled.folder());
        if (compiled.failure() != null)
            throw new IOException("the program that is timed does not compile: "
                    + compiled.failure().why());
        return seconds;
    }

    @Override
    public void close() {
        environment.close();
    }
}
