package io.tramontane.rewards;

import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Cache of compiled programs on disk; the key is the hash of the source. All tests and all completions with that source
 * share one entry, and two threads that need it at the same time compile it once. Above the limit of bytes the least
 * recently used entries are deleted, except those in use. Compiler errors are cached too; our own failures are not.
 */
final class CompiledPrograms implements AutoCloseable {
    private static final int MAX_ENTRIES = 4096;

    private final long maxBytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param maxBytes limit for the programs on disk that are not in use */
    CompiledPrograms(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** A folder with a file named {@code program}, or the failure of the compilation. */
    record Compiled(Path folder, long bytes, TestRun failure) {}

    /** Compiles a program. */
    interface Compilation {
        Compiled compile() throws IOException;
    }

    private static final class Entry {
        final CompletableFuture<Compiled> result = new CompletableFuture<>();
        int users;
    }

    /** The program made from {@code content}, compiled now if it is not cached; close it after use. */
    Programs.Program get(String content, Compilation compilation) throws IOException {
        String key = hash(content);
        Entry entry;
        boolean mine;
        synchronized (this) {
            entry = entries.get(key);
            mine = entry == null;
            if (mine) entries.put(key, entry = new Entry());
            entry.users++;
        }
        if (mine) make(key, entry, compilation);
        Compiled compiled = entry.result.join();
        if (compiled.failure() != null) {
            release(entry);
            return Programs.Program.none(compiled.failure());
        }
        Entry used = entry;
        return new Programs.Program(compiled.folder(), List.of("/job/program"), null, () -> release(used));
    }

    private void make(String key, Entry entry, Compilation compilation) throws IOException {
        Compiled compiled = null;
        try {
            compiled = compilation.compile();
        } finally {
            boolean ours = compiled == null
                    || compiled.failure() != null && compiled.failure().verdict() == Verdict.UNSCORED;
            if (compiled == null)
                compiled = new Compiled(null, 0, TestRun.notStarted(Verdict.UNSCORED, "the compiler could not be run"));
            synchronized (this) {
                if (ours) entries.remove(key, entry);
                else bytes += compiled.bytes();
            }
            entry.result.complete(compiled);
        }
    }

    private synchronized void release(Entry entry) {
        entry.users--;
        Iterator<Entry> eldest = entries.values().iterator();
        while ((bytes > maxBytes || entries.size() > MAX_ENTRIES) && eldest.hasNext()) {
            Entry candidate = eldest.next();
            if (candidate.users > 0) continue;
            eldest.remove();
            bytes -= candidate.result.join().bytes();
            Bubblewrap.delete(candidate.result.join().folder());
        }
    }

    /** Bytes on disk. */
    synchronized long bytes() {
        return bytes;
    }

    private static String hash(String content) {
        return Sha256.of(content.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void close() {
        for (Entry entry : entries.values()) {
            Compiled done = entry.result.getNow(null);
            if (done != null) Bubblewrap.delete(done.folder());
        }
        entries.clear();
        bytes = 0;
    }
}
