package io.tramontane.cluster.files;

import io.tramontane.data.AtomicFile;
import io.tramontane.data.BadInputException;
import io.tramontane.data.KeptOpen;
import io.tramontane.data.StoragePath;
import io.tramontane.data.UnreadableException;
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
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * A path with a scheme, through Hadoop's file systems. An object store shows an object only when its upload is finished, so
 * there the file is written under its own name and the upload aborted on failure; elsewhere it is written beside and renamed.
 */
final class HadoopStorage implements StoragePath {
    private static final String HADOOP = "spark.hadoop.";
    private static final String CONDITIONAL = "fs.option.create.conditional.overwrite"; // S3A: If-None-Match

    private final Path path;
    private final Configuration settings;
    private FileSystem system;

    HadoopStorage(String name) {
        this(path(name), settings(), null);
    }

    private HadoopStorage(Path path, Configuration settings, FileSystem system) {
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

    /**
     * With the settings that spark-submit, or the user by -D, passes as {@code spark.hadoop.*}; an executor has them from its
     * driver.
     */
    private static Configuration settings() {
        Configuration settings = new Configuration();
        if (SparkEnv.get() != null)
            SparkHadoopUtil.get().appendSparkHadoopConfigs(SparkEnv.get().conf(), settings);
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
            throw new UnreadableException(name() + ": this file system cannot be reached (" + said(e) + ")");
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
            throw UnreadableException.of(this, said(e));
        }
    }

    @Override
    public String fileName() {
        return path.getName();
    }

    /** The same for Parquet, which jumps about in its files. */
    InputFile parquet() {
        try {
            system();
            return HadoopInputFile.fromPath(path, settings);
        } catch (FileNotFoundException e) {
            throw missing(e);
        } catch (IOException e) {
            throw UnreadableException.of(this, said(e));
        }
    }

    private BadInputException missing(FileNotFoundException e) {
        String text = String.valueOf(e.getMessage());
        return new BadInputException(name() + ": no such "
                + (text.contains("directory") && !text.contains("No such file") ? "file, but a folder" : "file"));
    }

    @Override
    public StoragePath unfinished() {
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
            throw UnreadableException.of(this, said(e));
        }
    }

    @Override
    public List<StoragePath> files() {
        try {
            return places(system().listStatus(path));
        } catch (IOException e) {
            throw UnreadableException.of(this, said(e));
        }
    }

    @Override
    public List<StoragePath> fitting() {
        List<StoragePath> found = new ArrayList<>();
        try {
            FileStatus[] all = system().globStatus(path);
            if (all == null) return found;
            for (FileStatus each : all)
                found.addAll(
                        places(each.isDirectory() ? system().listStatus(each.getPath()) : new FileStatus[] {each}));
        } catch (IOException e) {
            throw UnreadableException.of(this, said(e));
        }
        found.sort(Comparator.comparing(StoragePath::name));
        return found;
    }

    private List<StoragePath> places(FileStatus[] all) {
        return Arrays.stream(all)
                .filter(file ->
                        file.isFile() && StoragePath.isData(file.getPath().getName()))
                .<StoragePath>map(file -> new HadoopStorage(file.getPath(), settings, system))
                .sorted(Comparator.comparing(StoragePath::name))
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
    public AtomicFile create(StoragePath temporary) {
        Path beside = ((HadoopStorage) temporary).path;
        try {
            return system().hasPathCapability(path, CommonPathCapabilities.ABORTABLE_STREAM)
                    ? new Uploaded(system().create(path, true))
                    : new Renamed(system().create(beside, true), beside);
        } catch (IOException e) {
            throw new BadInputException(name() + ": cannot be written (" + said(e) + ")");
        }
    }

    @Override
    public StoragePath child(String name) {
        return new HadoopStorage(new Path(path, name), settings, system);
    }

    @Override
    public StoragePath beside(String suffix) {
        return sibling(path.getName() + suffix);
    }

    private StoragePath sibling(String name) {
        return new HadoopStorage(new Path(path.getParent(), name), settings, system);
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

    @Override
    public void deleteTree() throws IOException {
        system().delete(path, true);
    }

    @Override
    public OutputStream write() throws IOException {
        return system().create(path, true);
    }

    @Override
    public boolean createIfAbsent(byte[] content) throws IOException {
        FSDataOutputStreamBuilder<?, ?> file = system().createFile(path);
        file.opt(CONDITIONAL, true);
        try (FSDataOutputStream out =
                (FSDataOutputStream) file.overwrite(false).recursive().build()) {
            out.write(content);
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) { // S3A's own kind for a precondition that fails; or our answer was lost and sent again
            if (!system().exists(path)) throw e;
            return Arrays.equals(bytes(), content);
        }
        return true;
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
