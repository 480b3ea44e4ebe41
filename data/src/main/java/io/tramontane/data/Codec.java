package io.tramontane.data;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Ways to compress a file. Only gzip is read and written; the others are known so that they can be named. */
public enum Codec {
    /** The one that we have. */
    GZIP("1f8b", ".gz", ".gzip"),
    /** Zstandard. */
    ZSTD("28b52ffd", ".zst", ".zstd"),
    /** bzip2. */
    BZIP2("425a68", ".bz2", ".bzip2"),
    /** xz and its predecessor. */
    XZ("fd377a585a00", ".xz", ".lzma"),
    /** Snappy's framing format. */
    SNAPPY("ff060000734e61507059", ".snappy", ".sz"),
    /** LZ4 frames. */
    LZ4("04224d18", ".lz4"),
    /** LZO. */
    LZO("894c5a4f", ".lzo", ".lzo_deflate"),
    /** Brotli has no magic number. */
    BROTLI("", ".br", ".brotli"),
    /** Zlib without gzip's header; no magic number that text could not have. */
    DEFLATE("", ".deflate", ".zlib"),
    /** lzip. */
    LZIP("4c5a4950", ".lz"),
    /** Unix compress. */
    COMPRESS("1f9d", ".z"),
    /** An archive. */
    ZIP("504b0304", ".zip"),
    /** An archive. */
    SEVEN_ZIP("377abcaf271c", ".7z"),
    /** An archive. */
    TAR("", ".tar", ".tgz", ".tar.gz");

    private static final int LONGEST_MAGIC = 10;

    private final byte[] magic;
    private final List<String> endings;

    Codec(String magic, String... endings) {
        this.magic = HexFormat.of().parseHex(magic);
        this.endings = List.of(endings);
    }

    /** Bytes of a file's start that {@link #ofStart} looks at. */
    static int startLength() {
        return LONGEST_MAGIC;
    }

    /** True for a name that ends in .gz. */
    public static boolean isGzip(String name) {
        return ofName(name).filter(codec -> codec == GZIP).isPresent();
    }

    /** What a name promises; of two endings that fit the longer one. */
    static Optional<Codec> ofName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (TAR.endings.stream().anyMatch(lower::endsWith)) return Optional.of(TAR);
        return Arrays.stream(values())
                .filter(codec -> codec.endings.stream().anyMatch(lower::endsWith))
                .findFirst();
    }

    /** What a file's first bytes show. */
    static Optional<Codec> ofStart(byte[] start) {
        return Arrays.stream(values())
                .filter(codec -> codec.magic.length > 0 && start.length >= codec.magic.length)
                .filter(codec -> Arrays.equals(codec.magic, Arrays.copyOf(start, codec.magic.length)))
                .findFirst();
    }

    /** Refuses a name whose ending promises a compression that we do not have. */
    public static void check(String name) {
        ofName(name).filter(codec -> codec != GZIP).ifPresent(codec -> {
            throw new BadInputException(name + ": " + codec.text() + ", allowed gzip (.gz) or no compression");
        });
    }

    /** Refuses a file that is compressed although its name does not say so, or in a way that we do not have. */
    static void checkStart(byte[] start, String name) {
        ofStart(start).ifPresent(codec -> {
            throw new BadInputException(name + ": " + codec.text() + ", allowed "
                    + (codec == GZIP ? "if the name ends in .gz" : "gzip (.gz) or no compression"));
        });
    }

    private String text() {
        String name = name().toLowerCase(Locale.ROOT).replace("seven_zip", "7z");
        return switch (this) {
            case ZIP, SEVEN_ZIP, TAR -> "is a " + name + " archive";
            default -> "is compressed by " + name;
        };
    }
}
