package io.tramontane.rollout;

import io.tramontane.data.Completion;

/** Is told of a request's tokens as they are sampled, on the generator's thread: it must not wait. */
public interface TokenListener {
    /** A token of one of the request's completions, in order; forced opening tokens are not told. */
    void token(int completion, SampledToken token);

    /** A completion that has ended; no token of it follows. */
    default void finished(int completion, Completion result, FinishReason reason) {}

    /** The request alone has failed, for example because its mask allows no token: nothing of it follows. */
    default void failed(RuntimeException cause) {}
}
