package io.tramontane.data;

/**
 * The longest line of a file of rows, in mebibytes: 256, or what {@code --longest-line} says. It is a property of the process,
 * because every module reads files.
 */
public final class LineLimit {
    private static final String PROPERTY = "tramontane.longestLine";
    private static final int MOST = 1023;

    private LineLimit() {}

    /** Sets it for this process. */
    public static void set(int mebibytes) {
        if (mebibytes < 1 || mebibytes > MOST)
            throw new BadInputException("--longest-line " + mebibytes + ", allowed 1 to " + MOST + " (mebibytes)");
        System.setProperty(PROPERTY, String.valueOf(mebibytes));
    }

    static int bytes() {
        return Integer.getInteger(PROPERTY, 256) << 20;
    }

    static BadInputException exceeded(String where, int limit) {
        return new BadInputException(where + ": the line is longer than " + (limit >> 20) + " MiB, allowed "
                + (limit >> 20) + " MiB; --longest-line MEBIBYTES raises it to at most " + MOST);
    }
}
