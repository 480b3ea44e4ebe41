package io.tramontane.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.StoragePath;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.CheckpointManifest;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.PeftAdapter;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.SaveForm;
import io.tramontane.model.Sharding;
import io.tramontane.model.VectorSource;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everything that training needs to go on: a Hugging Face model folder with {@code state.json} beside the weights, and
 * Adam's moments, tensors of the same names, as {@code optimizer/first.safetensors} and {@code optimizer/second.safetensors}:
 * other programs take every safetensors file of a model folder for weights. Older checkpoints have them beside the weights.
 *
 * <p>Where adapters are trained, the folder's own weights are merged, as other programs read them. Training goes on from the
 * base that the run started from, with the adapters in {@code adapter/}; the moments are theirs.
 *
 * @param weights theta, with its version; with adapters the base
 * @param adapters the trained vector, where it is not theta itself
 * @param first Adam's first moment
 * @param second Adam's second moment
 * @param updates optimizer steps done
 * @param digest of the weights, or of their base, which was compared if this process holds all of them
 * @param reference weights of the policy that a KL is taken to, where there is one: {@code optimizer/reference.safetensors}
 */
record TrainingState(
        WeightSnapshot weights,
        Optional<WeightSnapshot> adapters,
        WeightSnapshot first,
        WeightSnapshot second,
        long updates,
        Optional<WeightSnapshot> reference,
        String digest) {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final String MOMENTS = "optimizer";
    static final String FIRST = "first.safetensors";
    static final String SECOND = "second.safetensors";
    static final String REFERENCE = "reference.safetensors";

    /** A folder that is not on this machine is copied to it first. */
    static TrainingState read(StoragePath folder) {
        return read(folder, LoraConfig.defaults(), null, Sharding.ALONE);
    }

    /**
     * What the config trains must be what was saved; {@code base} is read for adapters only. Read is what this process holds,
     * with any number of ranks, whatever the number that has saved.
     */
    static TrainingState read(StoragePath folder, LoraConfig lora, Path base, Sharding sharding) {
        try (LocalCopy copy = LocalCopy.of(folder)) {
            checkFiles(new LocalStorage(copy.path()), sharding.ranks());
            return read(copy.path(), lora, base, sharding);
        }
    }

    /** Every rank compares its share of the files with the manifest; a checkpoint of an earlier version has none. */
    private static void checkFiles(StoragePath folder, Collectives ranks) {
        Optional<CheckpointManifest> manifest = CheckpointManifest.read(folder);
        if (manifest.isEmpty()) return;
        String[] names = manifest.get().names();
        for (int i = ranks.rank(); i < names.length; i += ranks.count())
            manifest.get().check(folder, names[i]);
    }

    private static TrainingState read(Path folder, LoraConfig lora, Path base, Sharding sharding) {
        JsonNode state = StateFile.read(new LocalStorage(folder));
        Adapters.checkRank(folder, state, lora);
        int version = state.path("step").asInt(-1);
        if (lora.on()) {
            WeightSnapshot weights = Checkpoint.read(base, version);
            Adapters.checkBase(base, weights, state);
            PeftAdapter adapter = Adapters.read(folder, weights.config(), state, lora);
            return of(folder, state, weights, Optional.of(adapter), sharding);
        }
        WeightSnapshot weights = Checkpoint.read(folder, version, sharding);
        if (weights.isWhole())
            checkDigest(folder.toString(), state.path("digest").asText(), weights.digest());
        return of(folder, state, weights, Optional.empty(), sharding);
    }

    /** Refuses weights that are not those that state.json was written for. */
    static void checkDigest(String folder, String stated, String found) {
        if (!found.equals(stated))
            throw new BadInputException(folder + ": the weights' digest is not the one in state.json, " + stated);
    }

    private static TrainingState of(
            Path folder, JsonNode state, WeightSnapshot weights, Optional<PeftAdapter> adapter, Sharding sharding) {
        Path moments = moments(folder);
        PolicyConfig config = weights.config();
        Function<Path, WeightSnapshot> theta =
                file -> Checkpoint.readVector(file, config, weights.version(), sharding.updated(config));
        Function<Path, WeightSnapshot> trained =
                adapter.<Function<Path, WeightSnapshot>>map(a -> a::readVector).orElse(theta);
        return new TrainingState(
                weights,
                adapter.map(PeftAdapter::weights),
                trained.apply(moments.resolve(FIRST)),
                trained.apply(moments.resolve(SECOND)),
                state.path("updates").asLong(),
                Optional.of(moments.resolve(REFERENCE))
                        .filter(Files::exists)
                        .map(file -> Checkpoint.readVector(file, config, weights.version(), sharding.weights(config))),
                state.path("digest").asText());
    }

    /** Where a checkpoint has its moments. */
    static Path moments(Path folder) {
        return Files.isDirectory(folder.resolve(MOMENTS)) ? folder.resolve(MOMENTS) : folder;
    }

    /** What is saved. Moments are written from where they lie; a reference policy is copied when it is asked for. */
    interface Parts {
        WeightSnapshot weights();

        /** Of all weights. */
        default String digest() {
            return weights().digest();
        }

        VectorSource first();

        VectorSource second();

        long updates();

        /** Empty where all weights are trained. */
        default Optional<Adapters.Saved> adapters() {
            return Optional.empty();
        }

        /** Empty where the objective has none. */
        default Optional<WeightSnapshot> reference() {
            return Optional.empty();
        }
    }

    /** As {@link #write(StoragePath, Path, Parts, Collectives)}, by one rank. */
    static void write(StoragePath folder, Path tokenizerJson, Parts parts) {
        write(folder, tokenizerJson, parts, Collectives.ALONE);
    }

    /**
     * A reader sees either nothing or all of it: {@code state.json} is written last, and on this machine the folder has
     * another name until everything is on the disk. All ranks write what they hold into the same files; the first one does all
     * else. It writes the {@link CheckpointManifest} when every rank has written its part.
     */
    static void write(StoragePath folder, Path tokenizerJson, Parts parts, Collectives ranks) {
        StoragePath beside = folder.isRemote() ? folder : folder.beside(".writing");
        try {
            if (ranks.isFirst()) {
                beside.child(StateFile.NAME).delete();
                beside.deleteTree();
            }
            Map<String, Object> state = writeWeights(beside, tokenizerJson, parts, ranks);
            Optional<Adapters.Saved> adapters = parts.adapters();
            StoragePath moments = beside.child(MOMENTS);
            if (ranks.isFirst()) {
                if (adapters.isPresent()) state.put("lora", adapters.get().write(beside));
                moments.makeFolder();
            }
            // adapters are small and every rank has them
            Collectives writers = adapters.isPresent() ? Collectives.ALONE : ranks;
            if (adapters.isEmpty() || ranks.isFirst()) {
                Checkpoint.writeVector(moments.child(FIRST), parts.first(), writers);
                Checkpoint.writeVector(moments.child(SECOND), parts.second(), writers);
            }
            Optional<WeightSnapshot> reference = parts.reference();
            if (reference.isPresent()) Checkpoint.writeVector(moments.child(REFERENCE), reference.get(), ranks);
            ranks.barrier();
            if (ranks.isFirst()) finish(folder, beside, state);
            ranks.barrier();
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoint " + folder.name(), e);
        }
    }

    private static void finish(StoragePath folder, StoragePath beside, Map<String, Object> state) throws IOException {
        byte[] content = JSON.writeValueAsBytes(state);
        CheckpointManifest.write(beside, (int) state.get("step"), StateFile.NAME, content);
        try (OutputStream out = beside.child(StateFile.NAME).write()) {
            out.write(content);
        }
        if (folder.isRemote()) return;
        LocalStorage whole = new LocalStorage(beside.local());
        whole.sync();
        folder.deleteTree();
        whole.rename(new LocalStorage(folder.local()));
        LocalStorage.syncOne(folder.local().toAbsolutePath().getParent());
    }

    private static Map<String, Object> writeWeights(
            StoragePath folder, Path tokenizerJson, Parts parts, Collectives ranks) throws IOException {
        WeightSnapshot weights = parts.weights();
        Checkpoint.write(folder, weights, tokenizerJson, SaveForm.exact(), ranks);
        Map<String, Object> state = new LinkedHashMap<>();
        state.put(StateFile.FORMAT, StateFile.WITH_MANIFEST);
        state.put("step", weights.version());
        state.put("updates", parts.updates());
        state.put("digest", ranks.count() == 1 ? weights.digest() : parts.digest());
        return state;
    }
}
