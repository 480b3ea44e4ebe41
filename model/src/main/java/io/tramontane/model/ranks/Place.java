package io.tramontane.model.ranks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a rank is.
 *
 * @param host address of its server
 * @param port of its server
 * @param process its number on the machine
 * @param machine the same for ranks that can map each other's memory
 * @param gpu whether it computes on a GPU
 */
record Place(String host, int port, long process, String machine, boolean gpu) {
    private static final String SEPARATOR = "|";
    private static final int FIELDS = 5;

    String text() {
        return String.join(
                SEPARATOR, host, Integer.toString(port), Long.toString(process), machine, Boolean.toString(gpu));
    }

    static Place parse(String text) {
        String[] fields = text.split("\\" + SEPARATOR);
        if (fields.length != FIELDS) throw new IllegalStateException("a rank says of its place: " + text);
        return new Place(
                fields[0],
                Integer.parseInt(fields[1]),
                Long.parseLong(fields[2]),
                fields[3],
                Boolean.parseBoolean(fields[4]));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    /** One boot of one machine, seen from one namespace of processes: containers cannot open each other's memory. */
    static String thisMachine() {
        try {
            String boot =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            return boot + " " + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException e) {
            return "process " + ProcessHandle.current().pid(); // not Linux: only its own threads
        }
    }

    @Override
    public String toString() {
        return host + ":" + port + ", process " + process;
    }
}
