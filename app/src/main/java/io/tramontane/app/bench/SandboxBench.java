package io.tramontane.app.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.Problem.CodeLanguage;
import io.tramontane.rewards.ProgramCosts;
import io.tramontane.rewards.RewardConfig;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The time that the sandbox adds to a test, and that the precompiled header saves in a compilation. */
final class SandboxBench {
    private static final int COMPILATIONS = 5;

    private SandboxBench() {}

    static void run(Findings findings, int runs) throws InterruptedException {
        try (ProgramCosts costs = ProgramCosts.open(RewardConfig.defaults())) {
            for (CodeLanguage language : CodeLanguage.values())
                overhead(findings, language, costs.overhead(language, runs));
            compilation(findings, costs);
        } catch (IOException noSandbox) {
            findings.group("sandbox").put("unavailable", noSandbox.getMessage());
            findings.print("sandbox: %s", noSandbox.getMessage());
        }
    }

    private static void overhead(Findings findings, CodeLanguage language, ProgramCosts.Overhead cost) {
        String name = language.name().toLowerCase(Locale.ROOT);
        ObjectNode json = findings.group("sandbox." + name);
        json.put("runs", cost.bareMillis().size());
        json.put("bareMillis", median(cost.bareMillis()));
        json.put("sandboxedMillis", median(cost.sandboxedMillis()));
        json.put("overheadMillis", cost.medianMillis());
        findings.print(
                "sandbox, %s: a test takes %.1f ms, the bare process %.1f ms: %.1f ms more (medians of %d)",
                name,
                median(cost.sandboxedMillis()),
                median(cost.bareMillis()),
                cost.medianMillis(),
                cost.bareMillis().size());
    }

    private static void compilation(Findings findings, ProgramCosts costs) throws IOException {
        costs.compileSeconds(true); // makes the header if there is none
        double with = seconds(costs, true);
        double without = seconds(costs, false);
        findings.group("compile").put("withHeaderSeconds", with).put("withoutHeaderSeconds", without);
        findings.print(
                "compile, C++: %.2f s with the precompiled header, %.2f s without (medians of %d)",
                with, without, COMPILATIONS);
    }

    private static double seconds(ProgramCosts costs, boolean header) throws IOException {
        double[] seconds = new double[COMPILATIONS];
        for (int i = 0; i < COMPILATIONS; i++) seconds[i] = costs.compileSeconds(header);
        java.util.Arrays.sort(seconds);
        return Findings.quantile(seconds, 0.5);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
