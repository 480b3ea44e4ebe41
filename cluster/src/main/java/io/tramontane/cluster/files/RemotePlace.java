package io.tramontane.cluster.files;

import io.tramontane.data.BadInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;

/**
 * A path with a scheme, through Hadoop's file systems. An object store shows an object only when its upload is finished, so
 * there the file is written under its own name and the upload aborted on failure; elsewhere it is written beside and renamed.
 */
final class RemotePlace implements Place {
    private static final String HADOOP = "spark.hadoop.";

    private final Path path;
    private final Configuration settings;
    private FileSystem system;

    RemotePlace(String name) {
        this(path(name), settings(), null);
    }

    private RemotePlace(Path path, Configuration settings, FileSystem system) {
        this.path = path;
        this.settings = settings;
        this.system = system;
    }

    private static Path path(String name) {
        try {
            return new Path(name);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(name + ": not a path (" + e.getMessage() + ")");
        }
    }

    /** With the settings that spark-submit, or the user by -D, passes as {@code spark.hadoop.*}. */
    private static Configuration settings() {
        Configuration settings = new Configuration();
        System.getProperties().forEach((key, value) -> {
            if (key instanceof String name && name.startsWith(HADOOP))
                settings.set(name.substring(HADOOP.length()), String.valueOf(value));
        });
        return settings;
    }

    private FileSystem system() {
        if (system != null) return system;
        try {
            system = path.getFileSystem(settings);
            return system;
        } catch (IOException | RuntimeException e) {
            throw new BadInputException(name() + ": this file system cannot be reached (" + said(e) + ")");
        }
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public InputStream open() {
        try {
            return system().open(path);
        } catch (FileNotFoundException e) {
            throw missing(e);
        } catch (IOException e) {
            throw new BadInputException(name() + ": cannot be read (" + said(e) + ")");
        }
    }

    @Override
    public InputFile parquet() {
        try {
            system();
            return HadoopInputFile.fromPath(path, settings);
        } catch (FileNotFoundException e) {
            throw missing(e);
        } catch (IOException e) {
            throw new BadInputException(name() + ": cannot be read (" + said(e) + ")");
        }
    }

    private BadInputException missing(FileNotFoundException e) {
        String text = String.valueOf(e.getMessage());
        return new BadInputException(name() + ": no such "
                + (text.contains("directory") && !text.contains("No such file") ? "file, but a folder" : "file"));
    }

    @Override
    public Place unfinished() {
        return sibling("_" + path.getName() + ".unfinished");
    }

    @Override
    public boolean isFolder() {
        try {
            return system().getFileStatus(path).isDirectory();
        } catch (IOException unclear) { // who opens it says what is wrong
            return false;
        }
    }

    @Override
    public boolean exists() {
        try {
            return system().exists(path);
        } catch (IOException e) {
            throw new BadInputException(name() + ": cannot be read (" + said(e) + ")");
        }
    }

    @Override
    public List<Place> files() {
        try {
            return places(system().listStatus(path));
        } catch (IOException e) {
            throw new BadInputException(name() + ": cannot be read (" + said(e) + ")");
        }
    }

    @Override
    public List<Place> fitting() {
        List<Place> found = new ArrayList<>();
        try {
            FileStatus[] all = system().globStatus(path);
            if (all == null) return found;
            for (FileStatus each : all)
                found.addAll(
                        places(each.isDirectory() ? system().listStatus(each.getPath()) : new FileStatus[] {each}));
        } catch (IOException e) {
            throw new BadInputException(name() + ": cannot be read (" + said(e) + ")");
        }
        found.sort(Comparator.comparing(Place::name));
        return found;
    }

    private List<Place> places(FileStatus[] all) {
        return Arrays.stream(all)
                .filter(file -> file.isFile() && Inputs.isData(file.getPath().getName()))
                .<Place>map(file -> new RemotePlace(file.getPath(), settings, system))
                .sorted(Comparator.comparing(Place::name))
                .toList();
    }

    @Override
    public void checkWritable() {
        try {
            if (system().exists(path) && system().getFileStatus(path).isDirectory())
                throw new BadInputException(name() + ": is a folder, must be a file");
        } catch (IOException e) {
            throw new BadInputException(name() + ": cannot be written (" + said(e) + ")");
        }
    }

    @Override
    public AtomicFile create(Place temporary) {
        Path beside = ((RemotePlace) temporary).path;
        try {
            return system().hasPathCapability(path, CommonPathCapabilities.ABORTABLE_STREAM)
                    ? new Uploaded(system().create(path, true))
                    : new Renamed(system().create(beside, true), beside);
        } catch (IOException e) {
            throw new BadInputException(name() + ": cannot be written (" + said(e) + ")");
        }
    }

    @Override
    public Place child(String name) {
        return new RemotePlace(new Path(path, name), settings, system);
    }

    @Override
    public Place beside(String suffix) {
        return sibling(path.getName() + suffix);
    }

    private Place sibling(String name) {
        return new RemotePlace(new Path(path.getParent(), name), settings, system);
    }

    @Override
    public void makeFolder() throws IOException {
        system().mkdirs(path);
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try {
            for (FileStatus file : system().listStatus(path))
                names.add(file.getPath().getName());
        } catch (FileNotFoundException none) {
            return List.of();
        }
        names.sort(null);
        return names;
    }

    @Override
    public void delete() throws IOException {
        system().delete(path, false);
    }

    private static String said(Exception e) {
        String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return text.length() <= 300 ? text : text.substring(0, 300) + " ...";
    }

    /** An object that exists from the moment its upload is closed. */
    private static final class Uploaded implements AtomicFile {
        private final FSDataOutputStream out;
        private boolean committed;

        Uploaded(FSDataOutputStream out) {
            this.out = out;
        }

        @Override
        public OutputStream stream() {
            return new KeptOpen(out);
        }

        @Override
        public void commit() throws IOException {
            out.close();
            committed = true;
        }

        @Override
        public void close() {
            if (!committed) out.abort();
        }
    }

    /** Written under another name first. */
    private final class Renamed implements AtomicFile {
        private final FSDataOutputStream out;
        private final Path temporary;
        private boolean committed;

        Renamed(FSDataOutputStream out, Path temporary) {
            this.out = out;
            this.temporary = temporary;
        }

        @Override
        public OutputStream stream() {
            return new KeptOpen(out);
        }

        @Override
        public void commit() throws IOException {
            out.close();
            FileContext.getFileContext(system().getUri(), settings).rename(temporary, path, Options.Rename.OVERWRITE);
            committed = true;
        }

        @Override
        public void close() throws IOException {
            if (committed) return;
            out.close();
            system().delete(temporary, false);
        }
    }
}
