package io.tramontane.cluster.flight;

/** How much one call may make a process allocate. Claimed lengths are compared with these before memory is taken. */
final class Limits {
    /** Longest request, and longest message of a put: its bytes come in batches of {@link ByteStream#CHUNK}. */
    static final int REQUEST = 64 << 20;

    /** Longest answer, and longest message of a fetch: groups that are leased hold their problems, with lines of 256 MiB. */
    static final int ANSWER = 1 << 30;

    /** Most bytes that one put may hand to a server. */
    static final long PUT = 1L << 30;

    /** Most bytes of messages that a server holds outside of Java's heap, over all calls. */
    static final long INBOUND = 1L << 30;

    private Limits() {}

    /** Refuses what is longer than allowed, and lengths that are none. */
    static void check(String what, long bytes, long most) {
        if (bytes < 0 || bytes > most)
            throw new IllegalArgumentException(what + " of " + bytes + " bytes, allowed at most " + most);
    }
}
