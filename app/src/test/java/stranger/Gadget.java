package stranger;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A class that acts when it is read, as those of attacks on Java's serialization do. It is on the class path of every process of a
 * test's run, but in no package that the filter allows.
 */
public final class Gadget implements Serializable {
    private static final long serialVersionUID = 1;

    private final String file;

    /** Acts only where it is read. */
    public Gadget(Path file) {
        this.file = file.toString();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        Files.writeString(Path.of(file), "read");
    }
}
