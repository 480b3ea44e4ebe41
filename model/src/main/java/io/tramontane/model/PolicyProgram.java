package io.tramontane.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs {@code policy.py} into a TorchScript module archive: a zip of stored entries that any PyTorch can load. No
 * Python is needed to make it.
 */
final class PolicyProgram {
    /** Pickle protocol 2: an object of class __torch__.Policy with the attribute training = True. */
    private static final byte[] MODULE =
            pickle("\u0080\u0002c__torch__\nPolicy\n)\u0081}X\u0008\0\0\0training\u0088sb.");

    /** Pickle protocol 2: the empty tuple. */
    private static final byte[] NO_CONSTANTS = pickle("\u0080\u0002).");

    private PolicyProgram() {}

    /** The archive for one shape. */
    static InputStream archive(PolicyConfig config) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("policy/data.pkl", MODULE);
        entries.put("policy/code/__torch__.py", source(config).getBytes(StandardCharsets.UTF_8));
        entries.put("policy/constants.pkl", NO_CONSTANTS);
        entries.put("policy/version", "10\n".getBytes(StandardCharsets.US_ASCII)); // older numbers rewrite operators
        return new ByteArrayInputStream(zip(entries));
    }

    /** The program's text with the sizes of one shape filled in. */
    static String source(PolicyConfig config) {
        String text;
        try (InputStream in = PolicyProgram.class.getResourceAsStream("/policy/policy.py")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> sizes = new LinkedHashMap<>();
        sizes.put("LAYERS", "" + config.layers());
        sizes.put("WIDTH", "" + config.width());
        sizes.put("KEY_HEADS", "" + config.keyValueHeads());
        sizes.put("HEADS", "" + config.heads());
        sizes.put("HEAD", "" + config.headSize());
        sizes.put("HIDDEN", "" + config.hidden());
        sizes.put("VOCAB", "" + config.vocabulary());
        sizes.put("QUERY", "" + config.heads() * config.headSize());
        sizes.put("QKV", "" + (config.heads() + 2 * config.keyValueHeads()) * config.headSize());
        sizes.put("ROPE_BASE", "" + config.ropeBase());
        sizes.put("EPSILON", "" + config.normEpsilon());
        sizes.put("TIED", config.tiedHead() ? "1" : "0");
        for (Map.Entry<String, String> size : sizes.entrySet())
            text = text.replaceAll("\\b" + size.getKey() + "\\b", size.getValue());
        return text.replaceAll("(?m)^\\s*#.*\n", "");
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
