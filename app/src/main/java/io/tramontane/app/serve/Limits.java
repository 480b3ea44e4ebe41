package io.tramontane.app.serve;

/**
 * What requests may ask for.
 *
 * @param context longest prompt and completion together, in tokens
 * @param samples most choices of a request
 */
record Limits(int context, int samples) {
    static final int MESSAGES = 4096;
    static final int TOOLS = 128;
    static final int STOPS = 16;
    static final int STOP_LENGTH = 256;
    static final int TOP_LOGPROBS = 20;
}
