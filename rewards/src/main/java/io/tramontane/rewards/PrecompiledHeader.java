package io.tramontane.rewards;

import io.tramontane.data.TemporaryFolders;
import io.tramontane.rewards.Sandbox.Job;
import io.tramontane.rewards.Sandbox.Limits;
import io.tramontane.rewards.Sandbox.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code bits/stdc++.h} compiled once (paper section 2.2.2), kept in the temporary folder and shared by the processes of
 * this machine: about 120 MB, 5 to 10 seconds to make, and it halves the time of each compilation. Made inside the
 * sandbox. A folder that somebody else owns or may write is never used.
 */
final class PrecompiledHeader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrecompiledHeader.class);
    private static final Limits LIMITS = new Limits(120, 2048, 512L << 20, 32, true, 256);
    private static final Path HEADER = Path.of("bits", "stdc++.h.gch");

    private final Sandbox sandbox;
    private final Path shared;
    private Path folder;
    private boolean tried;
    private boolean ownCopy;

    PrecompiledHeader(Sandbox sandbox) {
        this.sandbox = sandbox;
        this.shared = TemporaryFolders.shared().resolve("tramontane-cpp20-" + compilerIdentity());
    }

    /** The folder for {@code -I}; null when the header could not be made, then compilations are slower, not different. */
    synchronized Path folder() {
        if (tried) return folder;
        tried = true;
        try {
            folder = isTrusted(shared) ? shared : make();
        } catch (IOException cannotMake) {
            LOG.warn("no precompiled header, C++ compiles slowly", cannotMake);
        }
        return folder;
    }

    private Path make() throws IOException {
        Path made = Bubblewrap.readableFolder();
        Path file = made.resolve(HEADER);
        Files.createDirectory(file.getParent());
        Files.writeString(made.resolve("source.h"), "#include <bits/stdc++.h>\n");
        try (OutputStream out = Files.newOutputStream(file)) {
            String command = CppCompiler.CPP + " -x c++-header " + CppCompiler.FLAGS
                    + " -o /tmp/h.gch /job/source.h >&2 && exec /bin/cat /tmp/h.gch";
            Result result =
                    sandbox.run(new Job(List.of("/bin/sh", "-c", command), made, null, new byte[0], out, LIMITS));
            if (!result.succeeded()) {
                Bubblewrap.delete(made);
                throw new IOException(
                        "g++ ended with " + result.ending() + " " + result.exitCode() + ": " + result.stderr());
            }
        }
        try {
            Files.move(made, shared, StandardCopyOption.ATOMIC_MOVE);
            return shared;
        } catch (IOException somebodyWasFaster) {
            if (isTrusted(shared)) {
                Bubblewrap.delete(made);
                return shared;
            }
            ownCopy = true;
            return made;
        }
    }

    private static boolean isTrusted(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !Files.exists(folder.resolve(HEADER)))
            return false;
        Object owner = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        Object me = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(folder);
        return owner.equals(me)
                && !rights.contains(PosixFilePermission.GROUP_WRITE)
                && !rights.contains(PosixFilePermission.OTHERS_WRITE);
    }

    /** Changes with the compiler, its flags and the user. */
    private static String compilerIdentity() {
        try {
            Path compiler = Path.of(CppCompiler.CPP).toRealPath();
            String key = compiler + "/" + Files.size(compiler) + "/" + Files.getLastModifiedTime(compiler) + "/"
                    + CppCompiler.FLAGS + "/" + System.getProperty("user.name");
            return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8))
                    .toString()
                    .substring(0, 13);
        } catch (IOException noCompiler) {
            return "none";
        }
    }

    @Override
    public synchronized void close() {
        if (ownCopy) Bubblewrap.delete(folder);
        ownCopy = false;
    }
}
