package io.tramontane.cluster.ledger;

import com.fasterxml.jackson.databind.ObjectReader;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.GroupArrow;
import io.tramontane.data.JsonReading;
import io.tramontane.data.Sha256;
import io.tramontane.data.StoragePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What was sampled of a group in flight, as a file of the run folder: {@code spill/group-000012}. A file is the SHA-256 of what
 * follows, the lease as a line of JSON, and the group as an Arrow stream.
 */
public record SpilledFile(Lease lease, Group group) {
    private static final Pattern NAME = Pattern.compile("group-\\d{6,19}");
    private static final ObjectReader LEASES = JsonReading.mapper().readerFor(Lease.class);

    /** True for names of such files; others are what a killed process was writing. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The name of a group's file. */
    public static String name(long group) {
        return String.format(Locale.ROOT, "group-%06d", group);
    }

    /** Reads a file; one that does not hold what was written is an IOException or a RuntimeException. */
    public static SpilledFile read(StoragePath file) throws IOException {
        byte[] bytes = file.bytes();
        int digest = lineEnd(bytes, 0);
        byte[] content = Arrays.copyOfRange(bytes, digest + 1, bytes.length);
        String found = Sha256.of(content);
        if (!found.equals(new String(bytes, 0, digest, StandardCharsets.US_ASCII)))
            throw new IOException("has another SHA-256 than it was written with, " + found);
        int head = lineEnd(content, 0);
        Lease lease = LEASES.readValue(content, 0, head);
        Group group = GroupArrow.fromBytes(Arrays.copyOfRange(content, head + 1, content.length))
                .get(0);
        boolean older = group.completions().stream()
                .filter(c -> c.length() > 0)
                .mapToInt(Completion::oldestVersion)
                .anyMatch(version -> version < lease.version());
        if (older || lease.group() != group.id() || !file.fileName().equals(name(group.id())))
            throw new IOException("does not hold what it says");
        return new SpilledFile(lease, group);
    }

    private static int lineEnd(byte[] bytes, int from) throws IOException {
        for (int i = from; i < bytes.length; i++) if (bytes[i] == '\n') return i;
        throw new IOException("has no whole line");
    }

    /** What is written. */
    public byte[] bytes() throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(JsonReading.mapper().writeValueAsBytes(lease));
        content.write('\n');
        content.write(GroupArrow.toBytes(List.of(group)));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write((Sha256.of(content.toByteArray()) + "\n").getBytes(StandardCharsets.US_ASCII));
        content.writeTo(file);
        return file.toByteArray();
    }
}
