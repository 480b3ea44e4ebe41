package io.tramontane.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.JsonReading;
import io.tramontane.data.Problem;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The samples of an evaluation, written as they complete, so that a killed evaluation can continue. The first line says what
 * was evaluated and how; every other line is a problem with all its completions. A last line without its end was being written
 * when the program was killed, perhaps in the middle of a character: it is removed and sampled again.
 */
final class SampleJournal implements AutoCloseable {
    private static final ObjectMapper JSON = JsonReading.mapper();

    /** How the first line begins. */
    private static final byte[] START = "{\"evaluation\":".getBytes(StandardCharsets.UTF_8);

    private final Map<Integer, Group> groups = new TreeMap<>();
    private final RandomAccessFile file;

    private SampleJournal(RandomAccessFile file) {
        this.file = file;
    }

    /**
     * Reads what is there; {@code path} null keeps nothing. Samples of another evaluation, and a file that another process
     * is writing, are bad input.
     */
    static SampleJournal open(Path path, String identity, List<Problem> problems) {
        SampleJournal journal = new SampleJournal(path == null ? null : locked(path));
        if (path == null) return journal;
        try {
            journal.checkOurs(path);
            long end = journal.read(path, identity, problems);
            journal.file.setLength(end);
            journal.file.seek(end);
            if (end == 0) journal.line(JSON.createObjectNode().put("evaluation", identity));
            return journal;
        } catch (IOException e) {
            journal.close();
            throw new BadInputException(path + ": cannot be used (" + e.getMessage() + ")");
        } catch (BadInputException e) {
            journal.close();
            throw e;
        }
    }

    /** The lock holds until the process ends. */
    private static RandomAccessFile locked(Path path) {
        try {
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            if (file.getChannel().tryLock() != null) return file;
            file.close();
        } catch (IOException e) {
            throw new BadInputException(path + ": cannot be used (" + e.getMessage() + ")");
        } catch (OverlappingFileLockException e) { // by this very process
        }
        throw new BadInputException(path + ": another evaluation is writing it");
    }

    /** Finished problems, by position. */
    Map<Integer, Group> groups() {
        return groups;
    }

    /** Keeps a finished problem; a kill after this does not lose it. */
    void add(Group group) {
        if (file == null) return;
        ObjectNode line = JSON.createObjectNode();
        line.put("index", group.id());
        line.put("problemId", group.problem().id());
        line.set("promptTokens", JSON.valueToTree(group.promptTokens()));
        for (Completion completion : group.completions()) {
            ObjectNode json = line.withArray("completions").addObject();
            json.put("text", completion.text()).put("finished", completion.finished());
            json.set("tokens", JSON.valueToTree(completion.tokens()));
            if (completion.marks() != null) json.set("marks", JSON.valueToTree(completion.marks()));
        }
        line(line);
    }

    private void line(ObjectNode line) {
        try {
            file.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the samples cannot be kept", e);
        }
    }

    /** Refuses any other file, since its last line could be removed. */
    private void checkOurs(Path path) throws IOException {
        byte[] start = new byte[(int) Math.min(START.length, file.length())];
        file.readFully(start);
        file.seek(0);
        if (!Arrays.equals(start, Arrays.copyOf(START, start.length)))
            throw new BadInputException("--samples-out " + path
                    + ": holds no samples of an evaluation, allowed a file that does, an empty one or a new one");
    }

    /** Returns the length of the complete lines. */
    private long read(Path path, String identity, List<Problem> problems) throws IOException {
        InputStream in = new BufferedInputStream(Channels.newInputStream(file.getChannel()), 1 << 16);
        long end = 0;
        int number = 1;
        for (byte[] text = wholeLine(in); text != null; text = wholeLine(in), number++) {
            JsonNode line = JSON.readTree(text);
            if (number == 1) checkSame(path, line.path("evaluation").asText(), identity);
            else take(line, path + ":" + number, problems);
            end += text.length + 1;
        }
        return end;
    }

    /** Without its end; null when there is none any more. */
    private static byte[] wholeLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) return null;
            line.write(next);
        }
        return line.toByteArray();
    }

    private static void checkSame(Path path, String kept, String identity) {
        if (!kept.equals(identity))
            throw new BadInputException(
                    path + ": holds samples of another evaluation (" + kept + "; this one: " + identity + ")");
    }

    private void take(JsonNode line, String where, List<Problem> problems) {
        int index = line.path("index").asInt(-1);
        if (index < 0 || index >= problems.size() || groups.containsKey(index))
            throw new BadInputException(where + ": index " + line.path("index") + ", allowed 0 to "
                    + (problems.size() - 1) + ", each once");
        groups.put(index, group(line, problems.get(index), index));
    }

    private static Group group(JsonNode line, Problem problem, int index) {
        List<Completion> completions = new ArrayList<>();
        for (JsonNode c : line.path("completions")) {
            int[] tokens = JSON.convertValue(c.path("tokens"), int[].class);
            completions.add(new Completion(
                    tokens,
                    new float[tokens.length],
                    new int[tokens.length],
                    null,
                    c.has("marks") ? JSON.convertValue(c.path("marks"), int[].class) : null,
                    c.path("finished").asBoolean(),
                    c.path("text").asText()));
        }
        return new Group(index, problem, JSON.convertValue(line.path("promptTokens"), int[].class), completions);
    }

    @Override
    public void close() {
        if (file == null) return;
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the samples cannot be kept", e);
        }
    }
}
