package io.tramontane.data;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A path that must be on this machine. Java takes {@code s3a://bucket/run} for a folder named {@code s3a:} in the current
 * one; whoever reads or writes files by {@link Path} makes it here, so that an address is refused by name.
 */
public final class LocalPath {
    /** A scheme and a slash; one letter and a colon is no scheme. */
    private static final Pattern ADDRESS = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:/.*", Pattern.DOTALL);

    private LocalPath() {}

    /**
     * The path that a user named.
     *
     * @param what the option or key, for the error
     * @throws java.nio.file.InvalidPathException for a text that names no file in this locale, as {@link Path#of} does
     */
    public static Path of(String what, String text) {
        String complaint = complaint(text);
        if (!complaint.isEmpty()) throw new BadInputException(what + " " + text + ": " + complaint);
        return Path.of(text);
    }

    /** Why a text is no path on this machine but an address; empty when it is none. */
    public static String complaint(String text) {
        if (ADDRESS.matcher(text).matches())
            return text.substring(0, text.indexOf(':') + 1)
                    + " is an address, allowed a path on this machine (addresses work for --run, data.train, data.evaluation,"
                    + " evaluate --problems, in score, in curate tests and for --out files)";
        return "";
    }
}
