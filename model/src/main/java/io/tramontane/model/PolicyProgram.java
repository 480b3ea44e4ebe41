package io.tramontane.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs {@code policy.py} and the files behind it into a TorchScript module archive: a zip of stored
 * entries that any PyTorch can load. No Python is needed to make it.
 */
final class PolicyProgram {
    /** Pickle protocol 2: an object of class __torch__.Policy with the attribute training = True. */
    private static final byte[] MODULE =
            pickle("\u0080\u0002c__torch__\nPolicy\n)\u0081}X\u0008\0\0\0training\u0088sb.");

    /** Pickle protocol 2: the empty tuple. */
    private static final byte[] NO_CONSTANTS = pickle("\u0080\u0002).");

    /** PyTorch's numbers of types. */
    private static final int FLOAT32 = 6;

    private static final int BFLOAT16 = 15;

    private static final List<String> SOURCES =
            List.of("/policy/policy.py", "/policy/attention.py", "/policy/training.py", "/policy/generation.py");

    private PolicyProgram() {}

    /** The archive for one shape; training computes in float32, with PyTorch's own choice of a library. */
    static InputStream archive(PolicyConfig config, Numerics numerics) {
        return archive(config, numerics, false, ProductLibrary.MKL);
    }

    /**
     * The archive for one shape.
     *
     * @param half blocks of training compute in bfloat16
     * @param library multiplies float32 matrices, on a CPU; batch-invariant products are always PyTorch's own choice
     */
    static InputStream archive(PolicyConfig config, Numerics numerics, boolean half, ProductLibrary library) {
        return archive(source(config, numerics, half, library));
    }

    /** The archive of a program's text. */
    static InputStream archive(String source) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("policy/data.pkl", MODULE);
        entries.put("policy/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
        entries.put("policy/constants.pkl", NO_CONSTANTS);
        entries.put("policy/version", "10\n".getBytes(StandardCharsets.US_ASCII)); // older numbers rewrite operators
        return new ByteArrayInputStream(zip(entries));
    }

    /** The program's text with the words of one model filled in. */
    static String source(PolicyConfig config, Numerics numerics, boolean half, ProductLibrary library) {
        String text =
                String.join("\n", SOURCES.stream().map(PolicyProgram::text).toList());
        Map<String, Object> words = words(config);
        words.put("COMPUTE", half ? BFLOAT16 : FLOAT32);
        words.put("ROWS", numerics.rows());
        words.put("ONEDNN", library == ProductLibrary.ONEDNN && numerics == Numerics.FAST ? 1 : 0);
        words.put("MULTIPLE", Math.max(1, numerics.rows()));
        for (Map.Entry<String, Object> word : words.entrySet())
            text = text.replaceAll(
                    "\\b" + word.getKey() + "\\b", word.getValue().toString());
        return text.replaceAll("(?m)^\\s*#.*\n", "");
    }

    private static String text(String resource) {
        try (InputStream in = PolicyProgram.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> words(PolicyConfig config) {
        Variant variant = config.variant();
        int bias = variant.architecture().attentionBias() ? 1 : 0;
        int headNorm = variant.architecture().headNorm() ? 1 : 0;
        int experts = variant.experts().count();
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("LAYERS", config.layers());
        words.put("WIDTH", config.width());
        words.put("KEY_HEADS", config.keyValueHeads());
        words.put("HEADS", config.heads());
        words.put("HEAD", config.headSize());
        words.put("HIDDEN", config.hidden());
        words.put("VOCAB", config.vocabulary());
        words.put("HEAD_ROWS", headRows(config));
        words.put("QUERY", (long) config.heads() * config.headSize());
        words.put("QKV", (config.heads() + 2L * config.keyValueHeads()) * config.headSize());
        words.put("ROPE_BASE", config.ropeBase());
        rotation(words, config);
        words.put("EPSILON", config.normEpsilon());
        words.put("TIED", config.tiedHead() ? 1 : 0);
        words.put("WINDOW", variant.window());
        words.put("MIXED", variant.mixedWindows() ? 1 : 0);
        words.put("FULL_LAYERS", variant.fullLayers());
        words.put("BIAS", bias);
        words.put("HEAD_NORM", headNorm);
        words.put("EXPERTS", experts);
        words.put("ACTIVE", variant.experts().active());
        words.put("EXPERTS_OR_ONE", Math.max(1, experts));
        int out = 2 + bias + 2 * headNorm;
        int gate = experts > 0 ? 2 : 1;
        words.put("BIAS_AT", 2);
        words.put("NORM_AT", 2 + bias);
        words.put("OUT_AT", out);
        words.put("FEED_AT", out + 1);
        words.put("ROUTER_AT", 1);
        words.put("GATE_AT", gate);
        words.put("DOWN_AT", gate + 1);
        int perLayer = out + gate + 3;
        words.put("PER_LAYER", perLayer);
        words.put("PARAMETERS", 2 + perLayer * config.layers() + (config.tiedHead() ? 0 : 1));
        return words;
    }

    private static void rotation(Map<String, Object> words, PolicyConfig config) {
        RopeScaling.Program rope = config.variant().rope().program(config);
        words.put("ROPE_KIND", rope.kind());
        words.put("ROPE_FACTOR", rope.factor());
        words.put("ROPE_FROM", rope.from());
        words.put("ROPE_SPAN", rope.to() - rope.from());
        words.put("ROPE_POSITIONS", rope.positions());
        words.put("ROPE_DIVISORS", rope.divisors());
        words.put("ROPE_GAIN", config.variant().rope().attentionFactor());
        words.put("QUERY_BETA", config.variant().queries().beta());
        words.put("QUERY_POSITIONS", config.variant().queries().positions());
    }

    /** Rows of logits that are made at a time: a megabyte of them, or 256. */
    static int headRows(PolicyConfig config) {
        return Math.max(256, (1 << 18) / config.vocabulary() / 32 * 32);
    }

    private static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                CRC32 crc = new CRC32();
                crc.update(entry.getValue());
                header.setMethod(ZipEntry.STORED);
                header.setSize(entry.getValue().length);
                header.setCrc(crc.getValue());
                zip.putNextEntry(header);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] pickle(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }
}
