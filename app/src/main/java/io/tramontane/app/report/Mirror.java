package io.tramontane.app.report;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.StoragePath;
import io.tramontane.data.TemporaryFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where files lie that other programs' formats make us write piece by piece: in the run folder itself, or, where that is
 * no folder of this machine, in a temporary one, from which {@link #upload} copies what has changed.
 */
final class Mirror implements AutoCloseable {
    private final StoragePath remote;
    private final Path root;
    private final Map<Path, String> uploaded = new HashMap<>();

    private Mirror(StoragePath remote, Path root) {
        this.remote = remote;
        this.root = root;
    }

    static Mirror of(RunFolder folder) throws IOException {
        return folder.root().isRemote()
                ? new Mirror(folder.root(), TemporaryFolders.create("run").path())
                : new Mirror(null, folder.root().local());
    }

    boolean isRemote() {
        return remote != null;
    }

    /** A folder of this machine, with what earlier processes have left in it. */
    Path folder(String name) throws IOException {
        Path here = root.resolve(name);
        if (isRemote() && remote.child(name).isFolder()) LocalCopy.copy(remote.child(name), new LocalStorage(here));
        return here;
    }

    /** A folder of this machine that begins empty elsewhere: its files are all made again. */
    Path emptied(String name) throws IOException {
        if (isRemote()) remote.child(name).deleteTree();
        return root.resolve(name);
    }

    /** Copies files that have changed since the last time. */
    void upload() throws IOException {
        if (!isRemote()) return;
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String state = Files.size(file) + " " + Files.getLastModifiedTime(file);
                if (state.equals(uploaded.put(file, state))) continue;
                StoragePath to = remote;
                for (Path part : root.relativize(file)) to = to.child(part.toString());
                LocalCopy.copy(new LocalStorage(file), to);
            }
        }
    }

    @Override
    public void close() throws IOException {
        upload();
        if (isRemote()) new LocalStorage(root).deleteTree();
    }
}
