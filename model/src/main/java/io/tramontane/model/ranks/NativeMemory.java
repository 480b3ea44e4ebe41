package io.tramontane.model.ranks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Addresses of arrays, and arrays over addresses, by libtorch's own C interface (torch/csrc/inductor/aoti_torch/c/shim.h of
 * PyTorch 2.7.1). float32 and contiguous, on the CPU.
 */
public final class NativeMemory {
    private static final int FLOAT = 6;
    private static final int CPU = 0;
    private static final int NO_INDEX = -1;
    private static final Torch TORCH = Native.load(LibUtils.getLibtorchPath() + "/libtorch_cpu.so", Torch.class);

    private NativeMemory() {}

    /** Names and types are libtorch's. */
    interface Torch extends Library {
        int aoti_torch_get_data_ptr(Pointer tensor, PointerByReference address);

        int aoti_torch_create_tensor_from_blob(
                Pointer data,
                long dimensions,
                long[] sizes,
                long[] strides,
                long offset,
                int type,
                int device,
                int index,
                PointerByReference tensor);
    }

    /** Where an array's numbers lie. */
    public static long address(NDArray array) {
        PointerByReference address = new PointerByReference();
        check(TORCH.aoti_torch_get_data_ptr(new Pointer(((PtNDArray) array).getHandle()), address));
        return Pointer.nativeValue(address.getValue());
    }

    /** An array [length] over memory that outlives it. */
    static NDArray array(NDManager manager, long address, long length) {
        PointerByReference tensor = new PointerByReference();
        check(TORCH.aoti_torch_create_tensor_from_blob(
                new Pointer(address), 1, new long[] {length}, new long[] {1}, 0, FLOAT, CPU, NO_INDEX, tensor));
        return new PtNDArray((PtNDManager) manager, Pointer.nativeValue(tensor.getValue()));
    }

    private static void check(int code) {
        if (code != 0) throw new IllegalStateException("libtorch's C interface says " + code);
    }

    /** Numbers [count] at one address are added to those at another. */
    static void add(NDManager manager, long to, long from, long count) {
        try (NDArray sum = array(manager, to, count);
                NDArray more = array(manager, from, count)) {
            sum.addi(more);
        }
    }

    /** Bytes at an address, at most 2 GiB. */
    public static ByteBuffer bytes(long address, long count) {
        return new Pointer(address).getByteBuffer(0, count).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Copies numbers [count]. */
    static void copy(long to, long from, long count) {
        long piece = 1 << 28;
        for (long at = 0; at < count; at += piece) {
            long bytes = Math.min(piece, count - at) * Float.BYTES;
            bytes(to + at * Float.BYTES, bytes).put(bytes(from + at * Float.BYTES, bytes));
        }
    }
}
