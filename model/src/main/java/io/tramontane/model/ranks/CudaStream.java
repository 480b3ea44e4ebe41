package io.tramontane.model.ranks;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/**
 * PyTorch's stream of a GPU. DJL never chooses one, so it is the device's default stream in all threads: what a thread adds to
 * it begins when all that other threads added before is done.
 */
final class CudaStream implements AutoCloseable {
    private final CudaLibrary cuda;
    private final CudaLibrary.Torch torch;
    private final int gpu;
    private final Pointer event;

    CudaStream(CudaLibrary cuda, CudaLibrary.Torch torch, int gpu) {
        this.cuda = cuda;
        this.torch = torch;
        this.gpu = gpu;
        select();
        PointerByReference made = new PointerByReference();
        check("cudaEventCreateWithFlags", cuda.cudaEventCreateWithFlags(made, CudaLibrary.DISABLE_TIMING));
        event = made.getValue();
    }

    /** The calling thread's next calls of CUDA and NCCL are for this GPU. */
    void select() {
        check("cudaSetDevice(" + gpu + ")", cuda.cudaSetDevice(gpu));
    }

    /** The calling thread's. */
    Pointer current() {
        PointerByReference stream = new PointerByReference();
        int code = torch.aoti_torch_get_current_cuda_stream(gpu, stream);
        if (code != 0) throw new IllegalStateException("aoti_torch_get_current_cuda_stream says " + code);
        return stream.getValue();
    }

    /** Marks all work that was added so far. */
    void mark() {
        check("cudaEventRecord", cuda.cudaEventRecord(event, current()));
    }

    /** Whether the work before the mark is done. */
    boolean done() {
        int code = cuda.cudaEventQuery(event);
        if (code == CudaLibrary.NOT_READY) return false;
        check("cudaEventQuery", code);
        return true;
    }

    private void check(String call, int code) {
        if (code != CudaLibrary.SUCCESS)
            throw new IllegalStateException(call + ": " + cuda.cudaGetErrorString(code) + " (" + code + ")");
    }

    @Override
    public void close() {
        cuda.cudaEventDestroy(event);
    }
}
