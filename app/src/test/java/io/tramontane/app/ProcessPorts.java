package io.tramontane.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What Linux tells about a process: where it listens, its command line, its environment. */
final class ProcessPorts {
    private static final String LISTENS = "0A";
    private static final String THIS_MACHINE = "0100007F";

    private ProcessPorts() {}

    /**
     * A port that a process listens on.
     *
     * @param local true if only this machine can reach it
     */
    record Port(int number, boolean local) {}

    static List<Port> of(long pid) throws IOException {
        Set<String> sockets = sockets(pid);
        List<Port> ports = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6"))
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
                String[] cells = line.strip().split("\\s+"); // number, local address, peer, state, ..., inode
                if (cells.length < 10 || !cells[3].equals(LISTENS) || !sockets.contains("socket:[" + cells[9] + "]"))
                    continue;
                String[] address = cells[1].split(":");
                ports.add(new Port(Integer.parseInt(address[1], 16), address[0].endsWith(THIS_MACHINE)));
            }
        return ports;
    }

    private static Set<String> sockets(long pid) throws IOException {
        Set<String> sockets = new HashSet<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : files.toList()) if (Files.isSymbolicLink(file)) sockets.add(link(file));
        }
        return sockets;
    }

    private static String link(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    static String commandLine(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                .replace('\0', ' ');
    }

    /** A variable of its environment, which only its owner can read; empty where it has none. */
    static String variable(long pid, String name) throws IOException {
        for (String line : Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1)
                .split("\0")) if (line.startsWith(name + "=")) return line.substring(name.length() + 1);
        return "";
    }
}
