package io.tramontane.model;

import io.tramontane.data.BadInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which of the libraries inside libtorch multiplies float32 matrices on a CPU. They sum in other orders, so the choice belongs to a
 * run's bits: it follows from the processor alone, and is the same in a run, its resume, its ranks and its replay on one machine. How
 * fast each is there, {@link TrainingProducts} is for measuring.
 *
 * <p>MKL looks who made the processor, and has no AVX-512 code for others than Intel's; oneDNN looks what the processor can. So oneDNN
 * is chosen where a processor is not Intel's and has AVX-512. On an AMD EPYC of the Zen 5 generation it reaches more than twice MKL's
 * rate; on Intel's processors its products are equally fast, but the gradient of the weights takes a copy more.
 */
public enum ProductLibrary {
    /** What PyTorch takes by itself: on x86 Intel's MKL. */
    MKL,
    /** oneDNN, which PyTorch itself takes for bfloat16. */
    ONEDNN;

    /** Set to {@code mkl} or {@code onednn} it decides, whatever the processor is: for experiments, on all machines of a run. */
    public static final String VARIABLE = "TRAMONTANE_PRODUCTS";

    /** The parts of AVX-512 that oneDNN's kernels need. */
    private static final Set<String> AVX_512 = Set.of("avx512f", "avx512bw", "avx512dq", "avx512vl");

    /** That of this machine. */
    public static ProductLibrary ofMachine() {
        return of(Optional.ofNullable(System.getenv(VARIABLE)), Processor.lines());
    }

    /**
     * That of a machine.
     *
     * @param asked value of the variable
     * @param processor lines of {@code /proc/cpuinfo}
     */
    static ProductLibrary of(Optional<String> asked, List<String> processor) {
        if (asked.isPresent() && !asked.get().equals("auto")) return named(asked.get());
        boolean otherMaker = field(processor, "vendor_id")
                .filter(maker -> !maker.equals("GenuineIntel"))
                .isPresent();
        Set<String> can = Set.of(field(processor, "flags").orElse("").split(" +"));
        return otherMaker && can.containsAll(AVX_512) ? ONEDNN : MKL;
    }

    private static ProductLibrary named(String name) {
        return Arrays.stream(values())
                .filter(library -> library.toString().equals(name))
                .findAny()
                .orElseThrow(() -> new BadInputException(VARIABLE + " " + name + ", allowed auto, mkl, onednn"));
    }

    /** The value of the first line with this name. */
    private static Optional<String> field(List<String> processor, String name) {
        return processor.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    /** As in the variable. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
