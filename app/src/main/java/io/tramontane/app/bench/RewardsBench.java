package io.tramontane.app.bench;

import java.io.IOException;

/** Costs of the verifiers: maths, sandbox, compiler, and the whole of {@code score}. */
public final class RewardsBench {
    private RewardsBench() {}

    /**
     * How much to measure.
     *
     * @param rounds over the maths corpus
     * @param runs of each program, without and with the sandbox
     * @param maths completions of the file that is scored
     * @param programs among them
     */
    public record Size(int rounds, int runs, int maths, int programs) {
        /** About two minutes on two cores. */
        public static Size defaults() {
            return new Size(200, 50, 20_000, 100);
        }
    }

    /** Measures everything. */
    public static void run(Findings findings, Size size, String master) throws IOException, InterruptedException {
        MathsBench.run(findings, size.rounds());
        SandboxBench.run(findings, size.runs());
        new ScoreBench(findings, master).mixed(size.maths(), size.programs());
    }
}
