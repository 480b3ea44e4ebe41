package io.tramontane.cluster.config;

import java.util.Collection;
import java.util.Comparator;

/** The name that a user probably meant, by edit distance (Levenshtein). */
public final class Nearest {
    /** A longer word is compared by its start: what it takes grows with the product of both lengths. */
    private static final int LONGEST = 200;

    private Nearest() {}

    /** Among dotted paths: a matching last part counts more than a matching section. */
    public static String path(String whole, Collection<String> valid) {
        String given = start(whole);
        return valid.stream()
                .sorted()
                .min(Comparator.comparingInt((String path) -> 2 * distance(last(given), last(path))
                                + (parent(given).equals(parent(path)) ? 0 : 1))
                        .thenComparingInt(path -> distance(given, path)))
                .orElseThrow();
    }

    /** Among plain names. */
    public static String name(String given, Collection<String> valid) {
        return valid.stream()
                .sorted()
                .min(Comparator.comparingInt(name -> distance(given, name)))
                .orElseThrow();
    }

    /** Insertions, deletions and replacements that turn one word into the other, letters' case ignored. */
    static int distance(String whole, String b) {
        String a = start(whole);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                int replaced = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static String start(String word) {
        return word.length() <= LONGEST ? word : word.substring(0, LONGEST);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('.')));
    }
}
