package io.tramontane.rollout.json;

import io.tramontane.rollout.TokenMask;
import java.util.BitSet;

/**
 * The mask of one completion. While the model thinks, every token is allowed but those that end a completion. A token
 * that is not allowed, forced by someone else, leaves nothing but the end.
 */
final class JsonMask implements TokenMask {
    /** Blanks in a row, after which one more may not begin a token: a model that knows nothing to say writes them forever. */
    static final int MOST_BLANKS = 32;

    private final JsonMasks masks;
    private final JsonPrefix prefix = new JsonPrefix();
    private boolean thinking;
    private boolean begun;
    private boolean broken;
    private int blanks;

    JsonMask(JsonMasks masks, boolean opened) {
        this.masks = masks;
        thinking = opened;
        begun = opened;
    }

    @Override
    public BitSet allowed() {
        if (broken) return masks.ends();
        if (thinking) return masks.open();
        return begun ? masks.allowed(prefix, blanks < MOST_BLANKS) : masks.first();
    }

    @Override
    public void accept(int token) {
        if (thinking) {
            thinking = !masks.isEndOfThoughts(token);
        } else if (!begun && masks.isThink(token)) {
            thinking = true;
        } else if (!masks.ends().get(token)) {
            read(masks.bytes(token));
        }
        begun = true;
    }

    private void read(byte[] bytes) {
        if (bytes == null) broken = true;
        for (int i = 0; !broken && i < bytes.length; i++) {
            blanks = JsonPrefix.isBlank(bytes[i]) && !prefix.inString() ? blanks + 1 : 0;
            broken = !prefix.accept(bytes[i] & 0xff);
        }
    }
}
