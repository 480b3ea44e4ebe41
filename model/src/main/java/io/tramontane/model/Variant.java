package io.tramontane.model;

import java.io.Serializable;
import java.util.List;

/**
 * How a model differs from a plain Llama 2.
 *
 * @param architecture which of the supported ones
 * @param window how many keys a query sees, itself among them; 0 sees all before it (sliding_window)
 * @param fullLayers layers whose queries see all keys in spite of the window; empty where there is none
 * @param rope how the rotary frequencies are stretched for long contexts
 * @param queries how queries grow with their position
 * @param experts the sparse feed-forward block, none in a dense model
 * @param otherEnds tokens that end a completion beside {@link PolicyConfig#endOfText()}
 */
public record Variant(
        Architecture architecture,
        int window,
        List<Integer> fullLayers,
        RopeScaling rope,
        QueryScaling queries,
        Experts experts,
        List<Integer> otherEnds)
        implements Serializable {

    /**
     * Queries grow with their position, so that attention stays sharp in long contexts: a query at position p is multiplied
     * by {@code 1 + beta ln(1 + floor(p / positions))} (Llama 4's scaling).
     *
     * @param beta 0 changes nothing
     * @param positions after how many tokens the next step comes
     */
    public record QueryScaling(double beta, int positions) implements Serializable {
        /** Checks ranges. */
        public QueryScaling {
            if (!(beta >= 0 && beta <= 100))
                throw new IllegalArgumentException("llama_4_scaling_beta " + beta + ", allowed 0 to 100");
            if (positions < 1)
                throw new IllegalArgumentException("original_max_position_embeddings " + positions + ", allowed >= 1");
        }

        /** Queries as they are. */
        public static QueryScaling none() {
            return new QueryScaling(0, 1);
        }
    }

    /**
     * Sparse experts: a router picks some of them for every token, weights are the softmax over all, renormed over the
     * picked ones.
     *
     * @param count E, 0 in a dense model
     * @param active how many of them a token visits
     */
    public record Experts(int count, int active) implements Serializable {
        /** Checks ranges. */
        public Experts {
            if (count < 0 || count > 512)
                throw new IllegalArgumentException("num_local_experts " + count + ", allowed 0 to 512");
            if (count > 0 ? active < 1 || active > count : active != 0)
                throw new IllegalArgumentException("num_experts_per_tok " + active + " of " + count + " experts");
        }

        /** A dense model. */
        public static Experts none() {
            return new Experts(0, 0);
        }
    }

    /** Checks ranges. */
    public Variant {
        if (window < 0) throw new IllegalArgumentException("sliding_window " + window + ", allowed >= 0");
        if ((architecture == Architecture.MIXTRAL) != experts.count() > 0)
            throw new IllegalArgumentException(architecture.className() + " with " + experts.count() + " experts");
        if (!fullLayers.isEmpty() && (window == 0 || architecture != Architecture.MINISTRAL))
            throw new IllegalArgumentException(
                    architecture.className() + " with window " + window + " in some of the layers");
        if (queries.beta() > 0 && architecture != Architecture.MINISTRAL3)
            throw new IllegalArgumentException(architecture.className() + " with scaled queries");
        fullLayers = List.copyOf(fullLayers);
        otherEnds = List.copyOf(otherEnds);
    }

    /** One window for all layers, queries as they are. */
    public Variant(Architecture architecture, int window, RopeScaling rope, Experts experts, List<Integer> otherEnds) {
        this(architecture, window, List.of(), rope, QueryScaling.none(), experts, otherEnds);
    }

    /** An architecture's plain form. */
    public static Variant of(Architecture architecture) {
        return new Variant(architecture, 0, RopeScaling.none(), Experts.none(), List.of());
    }

    /** How many keys a query of this layer sees; 0 sees all before it. */
    public int window(int layer) {
        return fullLayers.contains(layer) ? 0 : window;
    }

    /** Whether some layers have a window and others have none. */
    public boolean mixedWindows() {
        return !fullLayers.isEmpty();
    }

    /** The same with a window over the keys in all layers. */
    public Variant withWindow(int keys) {
        return withWindow(keys, List.of());
    }

    /** The same with a window over the keys in all layers but these. */
    public Variant withWindow(int keys, List<Integer> full) {
        return new Variant(architecture, keys, full, rope, queries, experts, otherEnds);
    }

    /** The same with scaled frequencies. */
    public Variant withRope(RopeScaling scaling) {
        return new Variant(architecture, window, fullLayers, scaling, queries, experts, otherEnds);
    }

    /** The same with queries that grow. */
    public Variant withQueries(QueryScaling scaling) {
        return new Variant(architecture, window, fullLayers, rope, scaling, experts, otherEnds);
    }
}
