package io.tramontane.model.ranks;

import ai.djl.Device;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * One of two ranks with the real NCCL, a process of its own. Arguments: folder, rank, file of NCCL, file of CUDA's runtime or
 * nothing, which scripts it. Prints the id that it starts NCCL with, and what comes of it.
 */
final class NcclProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int COUNT = 2;

    private NcclProcess() {}

    /** Runs to its end. */
    public static void main(String[] arguments) throws IOException {
        int rank = Integer.parseInt(arguments[1]);
        CudaLibraries scripted = new ScriptedNccl(COUNT).rank(rank).libraries();
        NcclLibrary nccl = talking(CudaLibraries.load(NcclLibrary.class, List.of(arguments[2])));
        CudaLibrary cuda =
                arguments.length < 4 ? scripted.cuda() : CudaLibraries.load(CudaLibrary.class, List.of(arguments[3]));
        CudaLibraries libraries = new CudaLibraries(nccl, cuda, scripted.torch());
        System.out.println("version " + NcclCommunicator.version(nccl));
        try (Doors doors = new Doors("127.0.0.1", new byte[] {1}, PATIENCE)) {
            Place mine =
                    new Place("127.0.0.1", doors.port(), ProcessHandle.current().pid(), "machine", true);
            List<Place> places = new FolderRendezvous(Path.of(arguments[0]), rank, COUNT, PATIENCE)
                    .meet(mine.text()).stream().map(Place::parse).toList();
            try (Ring ring = new Ring(rank, places, doors, PATIENCE)) {
                Messages messages = new Messages(ring);
                NcclExchange.open(ring, messages, () -> libraries, Device.gpu(rank))
                        .close();
                System.out.println("made");
            } catch (RankException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static NcclLibrary talking(NcclLibrary nccl) {
        return (NcclLibrary) Proxy.newProxyInstance(
                NcclLibrary.class.getClassLoader(), new Class<?>[] {NcclLibrary.class}, (proxy, method, given) -> {
                    if (method.getName().equals("ncclCommInitRankConfig"))
                        System.out.println(
                                "id " + HexFormat.of().formatHex(((NcclLibrary.UniqueId) given[2]).internal));
                    try {
                        return method.invoke(nccl, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
