package io.tramontane.rollout.json;

import io.tramontane.model.chat.ResponseFormat;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.model.tokenizer.TokenizerJson;
import io.tramontane.rollout.TokenMask;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Masks that make an answer one JSON object: a token is allowed if the answer with it can still become one, the tokens that
 * end a completion once it is one, and then only these. Of a reasoning model's response the object is what follows the thoughts.
 *
 * <p>The vocabulary is a tree of bytes that {@link JsonPrefix} walks. A mask is made once for each state and kept. Within a
 * string almost every token is allowed, whatever the string stands in: that part is made once for all, and only the tokens
 * that end the string are looked at in each state.
 */
public final class JsonMasks {
    private static final int MOST_KEPT = 1024; // of 16 KB each with 131,072 tokens
    private static final String NEEDED = "{}[]\":,\\-+.0123456789abcdefABCDEFtrufalsn/u eE";

    /** A mask belongs to a state and to whether more blanks may come. */
    private record Key(JsonPrefix.State state, boolean blanks) {}

    /** Tokens that stay within a string, and nodes of the tree at which others have ended it. */
    private record InString(BitSet tokens, int[] ends) {}

    private final byte[][] tokens;
    private final ByteTrie trie;
    private final BitSet ends;
    private final BitSet open = new BitSet(); // all but those that end a completion
    private final OptionalInt think;
    private final OptionalInt endOfThoughts;
    private final JsonPrefix[] levels;
    private final Map<JsonPrefix.Mode, InString> strings = new EnumMap<>(JsonPrefix.Mode.class);
    private final Map<Key, BitSet> kept = new HashMap<>();

    /**
     * Of a vocabulary.
     *
     * @param tokens bytes by id, null for ids that are no text
     * @param ends ids that end a completion
     */
    JsonMasks(byte[][] tokens, BitSet ends, OptionalInt think, OptionalInt endOfThoughts) {
        this.tokens = tokens;
        this.ends = ends;
        this.think = think;
        this.endOfThoughts = endOfThoughts;
        open.set(0, tokens.length);
        open.andNot(ends);
        trie = new ByteTrie(tokens);
        levels = new JsonPrefix[trie.longest() + 1];
        for (int i = 0; i < levels.length; i++) levels[i] = new JsonPrefix();
    }

    /** Of a model; empty if it is not known which bytes its tokens are, or if some of JSON's are no tokens. Parses tokenizer.json. */
    public static Optional<JsonMasks> of(TokenizerFiles files, Tokenizer tokenizer, ResponseFormat format) {
        BitSet ends = new BitSet();
        IntStream.range(0, tokenizer.vocabularySize()).filter(tokenizer::ends).forEach(ends::set);
        return new TokenizerJson(files)
                .tokenBytes()
                .filter(JsonMasks::canWrite)
                .map(bytes -> new JsonMasks(bytes, ends, format.startOfThoughts(), format.endOfThoughts()));
    }

    /** True if no prefix of an object can be a dead end: what may be needed next is a token. */
    static boolean canWrite(byte[][] tokens) {
        BitSet single = new BitSet();
        boolean others = false;
        for (byte[] token : tokens) {
            if (token == null || token.length == 0) continue;
            if (token.length == 1) single.set(token[0] & 0xff);
            others |= token[token.length - 1] < 0;
        }
        return NEEDED.chars().allMatch(single::get) && (!others || single.nextClearBit(0x80) >= 0xC0 || whole(tokens));
    }

    /** True if no token ends within a character. */
    private static boolean whole(byte[][] tokens) {
        for (byte[] token : tokens) {
            if (token == null) continue;
            String text = new String(token, java.nio.charset.StandardCharsets.UTF_8);
            if (text.indexOf('\uFFFD') >= 0) return false;
        }
        return true;
    }

    /**
     * Makes the mask of each completion. Empty where the prompt has opened thoughts that no single token ends.
     *
     * @param opened the prompt ends within the thoughts
     */
    public Optional<Supplier<TokenMask>> masks(boolean opened) {
        if (opened && endOfThoughts.isEmpty()) return Optional.empty();
        return Optional.of(() -> new JsonMask(this, opened));
    }

    BitSet ends() {
        return ends;
    }

    BitSet open() {
        return open;
    }

    boolean isThink(int token) {
        return think.isPresent() && endOfThoughts.isPresent() && think.getAsInt() == token;
    }

    boolean isEndOfThoughts(int token) {
        return endOfThoughts.isPresent() && endOfThoughts.getAsInt() == token;
    }

    /** The mask of a response that has not begun: an object, or thoughts. */
    BitSet first() {
        BitSet first = (BitSet) allowed(new JsonPrefix(), true).clone();
        if (think.isPresent() && endOfThoughts.isPresent()) first.set(think.getAsInt());
        return first;
    }

    /** Bytes of a token, null if it is no text. */
    byte[] bytes(int token) {
        return token >= 0 && token < tokens.length ? tokens[token] : null;
    }

    /** Tokens that may follow; not to be changed. */
    synchronized BitSet allowed(JsonPrefix prefix, boolean blanks) {
        if (prefix.done()) return ends;
        Key key = new Key(prefix.state(), blanks || !prefix.betweenTokens());
        BitSet known = kept.get(key);
        if (known != null) return known;
        if (kept.size() >= MOST_KEPT) kept.clear();
        BitSet made = prefix.inString() ? inString(prefix) : new BitSet();
        if (!prefix.inString()) {
            levels[0].set(prefix);
            walk(0, trie.size(), !key.blanks, made);
        }
        kept.put(key, made);
        return made;
    }

    private BitSet inString(JsonPrefix prefix) {
        InString common = strings.computeIfAbsent(prefix.mode(), this::common);
        BitSet made = (BitSet) common.tokens.clone();
        for (int node : common.ends) {
            JsonPrefix closed = levels[trie.level(node)];
            closed.set(prefix);
            closed.setString(JsonPrefix.Mode.STRING);
            closed.accept('"');
            trie.mark(node, made);
            walk(node + 1, trie.next(node), false, made);
        }
        return made;
    }

    private InString common(JsonPrefix.Mode mode) {
        BitSet within = new BitSet();
        IntStream.Builder ended = IntStream.builder();
        levels[0].setString(mode);
        for (int node = 0; node < trie.size(); ) {
            JsonPrefix at = levels[trie.level(node)];
            at.set(levels[trie.level(node) - 1]);
            boolean fits = at.accept(trie.label(node));
            if (fits && at.inString()) {
                trie.mark(node++, within);
                continue;
            }
            if (fits) ended.add(node);
            node = trie.next(node);
        }
        return new InString(within, ended.build().toArray());
    }

    /** Marks the tokens that end at nodes from one to another and fit; {@code levels} holds the state above the first. */
    private void walk(int from, int to, boolean noBlankFirst, BitSet fitting) {
        for (int node = from; node < to; ) {
            int level = trie.level(node);
            int b = trie.label(node);
            JsonPrefix at = levels[level];
            at.set(levels[level - 1]);
            if (noBlankFirst && level == 1 && JsonPrefix.isBlank(b) || !at.accept(b)) {
                node = trie.next(node);
                continue;
            }
            trie.mark(node++, fitting);
        }
    }
}
