package io.tramontane.model;

import io.tramontane.model.gguf.GgufTensor.Encoding;

/** How the matrices of a GGUF file are stored. Norms, biases and the router of experts are F32 in all of them. */
public enum GgufForm {
    /** Single precision, exact. */
    F32(Encoding.F32, 0),
    /** Half precision. */
    F16(Encoding.F16, 1),
    /** The upper half of single precision. */
    BF16(Encoding.BF16, 32),
    /** Blocks of 32 numbers in 8 bits with a scale; F16 where rows are no multiple of 32. */
    Q8_0(Encoding.Q8_0, 7);

    private final Encoding encoding;
    private final int fileType;

    GgufForm(Encoding encoding, int fileType) {
        this.encoding = encoding;
        this.fileType = fileType;
    }

    /** llama.cpp's number in {@code general.file_type}. */
    int fileType() {
        return fileType;
    }

    /** Of a tensor; {@code shape} outermost side first. */
    Encoding encoding(String name, long[] shape) {
        if (shape.length == 1 || name.contains("ffn_gate_inp")) return Encoding.F32;
        return shape[shape.length - 1] % encoding.blockLength() == 0 ? encoding : Encoding.F16;
    }
}
