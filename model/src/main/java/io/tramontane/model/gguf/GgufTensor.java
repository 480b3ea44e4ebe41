package io.tramontane.model.gguf;

/**
 * One entry of a GGUF file's tensor table. Offsets are checked: the bytes lie inside the file and in no other tensor.
 *
 * @param name llama.cpp's name, e.g. {@code blk.0.attn_q.weight}
 * @param encoding how its numbers are stored
 * @param shape outermost side first, as in Hugging Face checkpoints; the file states it the other way round
 * @param offset first byte in the file
 * @param bytes length in the file
 */
public record GgufTensor(String name, Encoding encoding, long[] shape, long offset, long bytes) {
    /** Storage of numbers in blocks; a block is {@code blockBytes} long and holds {@code blockLength} numbers. */
    public enum Encoding {
        /** IEEE single precision. */
        F32(0, 1, 4),
        /** IEEE half precision. */
        F16(1, 1, 2),
        /** 4 bits and a scale. */
        Q4_0(2, 32, 18),
        /** 4 bits, a scale and a minimum. */
        Q4_1(3, 32, 20),
        /** 5 bits and a scale. */
        Q5_0(6, 32, 22),
        /** 5 bits, a scale and a minimum. */
        Q5_1(7, 32, 24),
        /** 8 bits and a scale. */
        Q8_0(8, 32, 34),
        /** 2 bits; 16 groups with scales and minima of 4 bits. */
        Q2_K(10, 256, 84),
        /** 3 bits; 16 groups with scales of 6 bits. */
        Q3_K(11, 256, 110),
        /** 4 bits; 8 groups with scales and minima of 6 bits. */
        Q4_K(12, 256, 144),
        /** 5 bits; 8 groups with scales and minima of 6 bits. */
        Q5_K(13, 256, 176),
        /** 6 bits; 16 groups with scales of 8 bits. */
        Q6_K(14, 256, 210),
        /** 4 bits that choose one of 16 uneven levels, and a scale. */
        IQ4_NL(20, 32, 18),
        /** The same; 8 groups with scales of 6 bits. */
        IQ4_XS(23, 256, 136),
        /** The upper half of a single precision number. */
        BF16(30, 1, 2),
        /** 8 bits with a sign, 4 of exponent and 3 of fraction; in safetensors, not in GGUF. */
        F8_E4M3(-1, 1, 1);

        private final int code;
        private final int blockLength;
        private final int blockBytes;

        Encoding(int code, int blockLength, int blockBytes) {
            this.code = code;
            this.blockLength = blockLength;
            this.blockBytes = blockBytes;
        }

        /** Number of this encoding in a GGUF file; negative for one that has none there. */
        public int code() {
            return code;
        }

        /** Numbers in a block. */
        public int blockLength() {
            return blockLength;
        }

        /** Bytes of a block. */
        public int blockBytes() {
            return blockBytes;
        }
    }

    /** How many numbers it holds. */
    public long length() {
        return bytes / encoding.blockBytes() * encoding.blockLength();
    }
}
