package io.tramontane.app.cli;

import io.tramontane.app.bench.DeviceBench;
import io.tramontane.app.bench.Findings;
import io.tramontane.app.bench.PolicyBench;
import io.tramontane.cluster.config.DeviceChoice;
import io.tramontane.data.BadInputException;
import io.tramontane.model.ComputeDevice;
import io.tramontane.rollout.RolloutConfig;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A check of a device. */
@Command(
        name = "device",
        description =
                "Whether a device computes what the CPU does, in float32 and bfloat16, and decoding, prefill and training"
                        + " against its rooflines. Exit code 1 if numbers differ by more than they may.",
        mixinStandardHelpOptions = true)
final class DeviceBenchCommand implements Callable<Integer> {
    @Mixin
    private BenchCommand.FigureOutput output;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto (default: the first GPU, else the CPU), cpu, gpu")
    private DeviceChoice device;

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
            description = "threads of each operator on the CPU (default 1)")
    private int threads;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (threads < 1) throw new BadInputException("--threads " + threads + ", allowed >= 1");
        ComputeDevice chosen = chosen();
        Memory.ofThisMachine().check(PolicyBench.shape(model), RolloutConfig.defaults());
        PrintWriter out = spec.commandLine().getOut();
        Findings findings = output.begin("device", out);
        boolean passed = DeviceBench.run(findings, model, threads, chosen);
        output.end(findings, out);
        return passed ? Tramontane.DONE : Tramontane.OUR_FAILURE;
    }

    private ComputeDevice chosen() {
        if (device == DeviceChoice.CPU) return ComputeDevice.CPU;
        ComputeDevice first = ComputeDevice.available();
        if (device == DeviceChoice.GPU && !first.gpu())
            throw new BadInputException("--device gpu: PyTorch sees no GPU on this machine; allowed here auto and cpu");
        return first;
    }
}
