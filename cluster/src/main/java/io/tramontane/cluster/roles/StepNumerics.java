package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.Config;
import io.tramontane.data.Sha256;
import io.tramontane.model.Processor;
import io.tramontane.model.ProductLibrary;
import io.tramontane.trainer.BatchTrainer;
import io.tramontane.trainer.TrainerConfig;
import io.tramontane.trainer.loss.LossConfig;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Names all that the bits of a step depend on beside weights and batch: two steps of one name, from the same weights and the
 * same batch, have the same digest. The name is short; it tells nothing but whether two are equal.
 */
final class StepNumerics {
    private static final int DIGITS = 16;

    private StepNumerics() {}

    /** Of the trainer of this process; null on a GPU, whose sums may come in any order. */
    static String of(RunPlan plan) {
        if (plan.roles().device().gpu()) return null;
        List<Object> machine = new ArrayList<>(machine());
        ProductLibrary library = ProductLibrary.ofMachine();
        if (library != ProductLibrary.MKL) machine.add(library); // MKL was all there was: its names stay
        return of(plan.config(), machine);
    }

    /** Of a trainer on a machine. */
    static String of(Config config, List<Object> machine) {
        List<Object> parts = new ArrayList<>(machine);
        parts.add(config.cluster().trainers());
        config.stages().forEach((step, stage) -> parts.add(step + " " + bits(stage.trainer(), stage.correctedLoss())));
        return Sha256.of(parts.toString().getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
    }

    /** All of it but when it is saved; how long training goes on counts where the learning rate decays towards the end. */
    private static List<Object> bits(TrainerConfig trainer, LossConfig loss) {
        return List.of(
                trainer.batchSize(),
                trainer.minibatchSize(),
                trainer.microbatchTokens(),
                trainer.threads(),
                trainer.optimizer().decayFrom() < 1 ? List.of(trainer.steps(), trainer.minutes()) : List.of(),
                trainer.keep(),
                trainer.dtype(),
                trainer.shard(),
                trainer.lora(),
                loss,
                trainer.optimizer());
    }

    private static List<Object> machine() {
        return List.of(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                processor(),
                Runtime.getRuntime().availableProcessors(),
                program());
    }

    /** The processor decides which kernels are used. */
    private static String processor() {
        return String.join(
                "\n",
                Processor.lines().stream()
                        .filter(line -> line.startsWith("model name") || line.startsWith("flags"))
                        .distinct()
                        .toList());
    }

    /** Another version of this program may compute in another order. */
    private static String program() {
        CodeSource source = BatchTrainer.class.getProtectionDomain().getCodeSource();
        try {
            Path from = Path.of(source.getLocation().toURI());
            return Files.isRegularFile(from) ? Sha256.of(Files.readAllBytes(from)) : "classes";
        } catch (IOException | URISyntaxException e) {
            return "";
        }
    }
}
