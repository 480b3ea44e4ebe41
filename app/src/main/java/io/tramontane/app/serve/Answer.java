package io.tramontane.app.serve;

import io.tramontane.rollout.FinishReason;
import io.tramontane.rollout.SampledToken;

/** What becomes of a request's completions. Called by one thread, the teller's, in the order of the events. */
interface Answer {
    /** It is accepted; tokens will come. */
    void began();

    /** A completion has one more token. */
    void token(int choice, SampledToken token);

    /** A completion has ended, and was {@code tokens} long. */
    void finished(int choice, int tokens, FinishReason reason);

    /** All events of an engine's step have been told. */
    void stepped();

    /** The server has failed, or shuts down; nothing more comes. */
    void failed(ApiError error);
}
