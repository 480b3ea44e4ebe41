package io.tramontane.model;

import java.io.Serializable;

/**
 * Where one named parameter lies in the flat vector theta.
 *
 * @param name the Hugging Face name, e.g. {@code model.layers.0.self_attn.q_proj.weight}
 * @param shape rows and columns, as in the checkpoint
 * @param offset first element
 * @param length number of elements
 */
public record TensorRange(String name, long[] shape, long offset, long length) implements Serializable {
    /** The same without a name. */
    public VectorRange range() {
        return new VectorRange(offset, length);
    }
}
