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
import io.tramontane.model.Policy;
import io.tramontane.model.SaveForm;
import io.tramontane.model.StoredVector;
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
 * <p>Vectors of theta's size are read from their files as they are needed, some megabytes at a time: each goes to its place in
 * the policy or the optimizer without a copy of it. The files stay until this is closed.
 *
 * @param files of the checkpoint
 * @param json what {@code state.json} says
 * @param weights theta; with adapters the base
 * @param adapters the trained vector, where it is not theta itself
 * @param first Adam's first moment
 * @param second Adam's second moment
 * @param reference weights of the policy that a KL is taken to, where there is one: {@code optimizer/reference.safetensors}
 */
record TrainingState(
        LocalCopy files,
        JsonNode json,
        VectorSource weights,
        Optional<WeightSnapshot> adapters,
        VectorSource first,
        VectorSource second,
        Optional<VectorSource> reference)
        implements AutoCloseable {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final String MOMENTS = "optimizer";
    static final String FIRST = "first.safetensors";
    static final String SECOND = "second.safetensors";
    static final String REFERENCE = "reference.safetensors";

    /**
     * A folder that is not on this machine is copied to it first. What the config trains must be what was saved, by any number of
     * ranks; {@code base} is read for adapters only.
     */
    static TrainingState open(StoragePath folder, LoraConfig lora, Path base, Collectives ranks) {
        LocalCopy copy = LocalCopy.of(folder);
        boolean opened = false;
        try {
            checkFiles(new LocalStorage(copy.path()), ranks);
            TrainingState state = open(copy, lora, base);
            opened = true;
            return state;
        } finally {
            if (!opened) copy.close();
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

    private static TrainingState open(LocalCopy copy, LoraConfig lora, Path base) {
        Path folder = copy.path();
        JsonNode json = StateFile.read(new LocalStorage(folder));
        Adapters.checkRank(folder, json, lora);
        if (!lora.on()) {
            StoredVector weights = Checkpoint.open(folder);
            return of(copy, json, weights, Optional.empty(), file -> vector(file, weights));
        }
        WeightSnapshot weights = Checkpoint.read(base, step(json));
        Adapters.checkBase(base, weights, json);
        PeftAdapter adapter = Adapters.read(folder, weights.config(), json, lora);
        return of(copy, json, weights, Optional.of(adapter.weights()), adapter::readVector);
    }

    /** {@code trained} opens vectors of the size of what is trained. */
    private static TrainingState of(
            LocalCopy copy,
            JsonNode json,
            VectorSource weights,
            Optional<WeightSnapshot> adapters,
            Function<Path, VectorSource> trained) {
        Path moments = moments(copy.path());
        return new TrainingState(
                copy,
                json,
                weights,
                adapters,
                trained.apply(moments.resolve(FIRST)),
                trained.apply(moments.resolve(SECOND)),
                Optional.of(moments.resolve(REFERENCE)).filter(Files::exists).map(file -> vector(file, weights)));
    }

    private static VectorSource vector(Path file, VectorSource like) {
        return Checkpoint.openVector(file, like.config());
    }

    private static int step(JsonNode json) {
        return json.path("step").asInt(-1);
    }

    /** Steps done. */
    int version() {
        return step(json);
    }

    /** Optimizer steps done. */
    long updates() {
        return json.path("updates").asLong();
    }

    /**
     * Refuses weights that are not those that state.json was written for; all ranks call it, when the policy has them. Adapters
     * and their base were compared when they were read.
     */
    void checkWeights(Policy policy) {
        String stated = json.path("digest").asText();
        if (adapters.isEmpty() && !policy.digest().equals(stated))
            throw new BadInputException(files.path() + ": the weights' digest is not the one in state.json, " + stated);
    }

    @Override
    public void close() {
        files.close();
    }

    /** Where a checkpoint has its moments. */
    static Path moments(Path folder) {
        return Files.isDirectory(folder.resolve(MOMENTS)) ? folder.resolve(MOMENTS) : folder;
    }

    /** As {@link #write(StoragePath, Path, CheckpointParts, Collectives)}, by one rank. */
    static void write(StoragePath folder, Path tokenizerJson, CheckpointParts parts) {
        write(folder, tokenizerJson, parts, Collectives.ALONE);
    }

    /**
     * A reader sees either nothing or all of it: {@code state.json} is written last, and on this machine the folder has
     * another name until everything is on the disk. All ranks write what they hold into the same files; the first one does all
     * else. It writes the {@link CheckpointManifest} when every rank has written its part.
     */
    static void write(StoragePath folder, Path tokenizerJson, CheckpointParts parts, Collectives ranks) {
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
            StoragePath folder, Path tokenizerJson, CheckpointParts parts, Collectives ranks) throws IOException {
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
