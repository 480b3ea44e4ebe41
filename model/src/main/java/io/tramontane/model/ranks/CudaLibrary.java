package io.tramontane.model.ranks;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/** The part of CUDA's runtime that is used; names, types and numbers are those of cuda_runtime_api.h of CUDA 12.6. */
interface CudaLibrary extends Library {
    /** Nothing is wrong. */
    int SUCCESS = 0;

    /** cudaErrorNotReady: work before an event is not done yet. */
    int NOT_READY = 600;

    /** cudaEventDisableTiming */
    int DISABLE_TIMING = 2;

    int cudaSetDevice(int device);

    int cudaEventCreateWithFlags(PointerByReference event, int flags);

    int cudaEventRecord(Pointer event, Pointer stream);

    int cudaEventQuery(Pointer event);

    int cudaEventDestroy(Pointer event);

    String cudaGetErrorString(int error);

    /** libtorch's own C interface for CUDA (torch/csrc/inductor/aoti_torch/c/shim.h of PyTorch 2.7.1). */
    interface Torch extends Library {
        int aoti_torch_get_current_cuda_stream(int device, PointerByReference stream);
    }
}
