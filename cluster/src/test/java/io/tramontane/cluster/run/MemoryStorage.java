package io.tramontane.cluster.run;

import io.tramontane.data.AtomicFile;
import io.tramontane.data.BadInputException;
import io.tramontane.data.StoragePath;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Objects in memory that several threads see, as several processes see a store: each call is one step, and whole.
 *
 * @param name of the object
 * @param objects of the store, a concurrent map
 */
record MemoryStorage(String name, Map<String, byte[]> objects) implements StoragePath {
    @Override
    public String fileName() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    @Override
    public InputStream open() {
        byte[] content = objects.get(name);
        if (content == null) throw new BadInputException(name + ": no such file");
        return new ByteArrayInputStream(content);
    }

    @Override
    public boolean createIfAbsent(byte[] content) {
        return objects.putIfAbsent(name, content) == null;
    }

    @Override
    public void replace(byte[] content) {
        objects.put(name, content);
    }

    @Override
    public boolean exists() {
        return objects.containsKey(name);
    }

    @Override
    public void delete() {
        objects.remove(name);
    }

    @Override
    public StoragePath child(String child) {
        return new MemoryStorage(name + "/" + child, objects);
    }

    @Override
    public AtomicFile create(StoragePath temporary) {
        throw new UnsupportedOperationException();
    }

    @Override
    public OutputStream write() {
        throw new UnsupportedOperationException();
    }

    @Override
    public StoragePath unfinished() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isFolder() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<StoragePath> files() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<StoragePath> fitting() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void checkWritable() {
        throw new UnsupportedOperationException();
    }

    @Override
    public StoragePath beside(String suffix) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void makeFolder() {}

    @Override
    public List<String> list() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void deleteTree() {
        throw new UnsupportedOperationException();
    }
}
