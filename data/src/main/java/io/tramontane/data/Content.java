package io.tramontane.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Checksum;

/** Feeds values to a checksum, each with its length where it has one. */
record Content(Checksum checksum) {
    void add(long value) {
        checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    void add(int[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Integer.BYTES * (values.length + 1)).putInt(values.length);
        for (int value : values) bytes.putInt(value);
        checksum.update(bytes.array());
    }

    void add(boolean[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + values.length).putInt(values.length);
        for (boolean value : values) bytes.put((byte) (value ? 1 : 0));
        checksum.update(bytes.array());
    }

    void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        checksum.update(bytes);
    }

    void add(RewardBreakdown reward) {
        for (double part :
                new double[] {reward.format(), reward.correctness(), reward.length(), reward.language(), reward.millis()
                }) {
            add(Double.doubleToRawLongBits(part));
        }
        add(reward.extra().size());
        reward.extra().forEach((name, value) -> {
            add(name);
            add(Double.doubleToRawLongBits(value));
        });
        add(reward.verdict().name());
        add(reward.reason());
        add(reward.extracted());
        add(reward.evidence().rule());
        add(reward.evidence().seed());
        add(reward.evidence().tests().stream().mapToInt(n -> n).toArray());
        add(reward.evidence().passed());
        add(reward.languages().size());
        for (String language : reward.languages()) add(language);
    }
}
