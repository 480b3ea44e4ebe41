package io.tramontane.app;

import io.tramontane.model.Checkpoint;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A two-layer policy with random weights and the tiny tokenizer: what it writes is no text that the tokenizer would cut so. */
public final class RandomModel {
    public static final PolicyConfig SHAPE = new PolicyConfig(2, 32, 2, 1, 16, 64, 1049, 192, 10_000, 1e-6, true, 1);

    private RandomModel() {}

    /** The model's folder, made if it is not there. */
    public static Path in(Path folder) {
        return in(folder, SHAPE);
    }

    /** The same with another shape. */
    public static Path in(Path folder, PolicyConfig shape) {
        try {
            Files.createDirectories(folder);
            for (String name : List.of("tokenizer.json", "tokenizer_config.json"))
                Files.write(folder.resolve(name), HuggingFaceTokenizer.tinyFile(name));
            Checkpoint.write(folder, weights(shape), null);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static WeightSnapshot weights(PolicyConfig shape) {
        WeightSnapshot weights = new WeightSnapshot(shape, 0);
        Random random = new Random(7);
        for (TensorRange tensor : weights.tensors()) {
            ByteBuffer values = ByteBuffer.allocate((int) tensor.length() * 4).order(ByteOrder.LITTLE_ENDIAN);
            boolean norm = tensor.name().contains("norm");
            while (values.hasRemaining()) values.putFloat(norm ? 1 : (float) (0.05 * random.nextGaussian()));
            weights.write(tensor.offset() * 4, values.flip());
        }
        return weights;
    }
}
