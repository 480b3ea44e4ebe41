package io.tramontane.model.ranks;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.Library;
import com.sun.jna.Native;
import io.tramontane.data.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What ranks on GPUs need beside PyTorch.
 *
 * @param nccl moves vectors between GPUs
 * @param cuda CUDA's runtime
 * @param torch PyTorch's streams
 */
record CudaLibraries(NcclLibrary nccl, CudaLibrary cuda, CudaLibrary.Torch torch) {
    /** A file of NCCL that is taken instead of the one beside PyTorch. */
    static final String NCCL_PROPERTY = "tramontane.nccl";

    /** Those that belong to the PyTorch of this process. */
    static CudaLibraries load() {
        Engine.getEngine("PyTorch"); // which finds its libraries
        Path torch = Path.of(LibUtils.getLibtorchPath());
        String nccl = System.getProperty(NCCL_PROPERTY);
        return new CudaLibraries(
                nccl != null
                        ? load(NcclLibrary.class, List.of(nccl))
                        : load(NcclLibrary.class, places(torch, "nccl", "libnccl.so.2")),
                load(CudaLibrary.class, places(torch, "cuda_runtime", "libcudart.so.12")),
                load(
                        CudaLibrary.Torch.class,
                        List.of(torch.resolve("libtorch_cuda.so").toString())));
    }

    /** PyPI's wheels have a folder for each library; a PyTorch of the user's own may have it beside it, or in the system. */
    static List<String> places(Path torch, String wheel, String file) {
        Path beside = torch.resolve("../../nvidia").normalize().resolve(wheel).resolve("lib");
        return List.of(beside.resolve(file).toString(), torch.resolve(file).toString(), file);
    }

    /** Out of the first place that has it; a name without a folder is looked for in the system. */
    static <L extends Library> L load(Class<L> type, List<String> places) {
        List<String> tried = new ArrayList<>();
        for (String place : places) {
            boolean ofSystem = !place.contains("/");
            if (!ofSystem && !Files.exists(Path.of(place))) {
                tried.add(place + ": no such file");
                continue;
            }
            try {
                return Native.load(place, type);
            } catch (UnsatisfiedLinkError e) {
                String why =
                        e.getMessage().lines().skip(1).findFirst().orElse(e.getMessage()); // JNA repeats the name first
                tried.add((ofSystem ? place + " of the system: " : place + ": ") + why);
            }
        }
        throw new BadInputException("a library that ranks on GPUs need is missing, looked for "
                + String.join("; ", tried)
                + ". bin/tramontane fetches them with PyTorch's CUDA build (docs/cluster.md, GPUs); -D" + NCCL_PROPERTY
                + "=FILE names another NCCL");
    }
}
