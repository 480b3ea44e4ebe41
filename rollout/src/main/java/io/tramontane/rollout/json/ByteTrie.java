package io.tramontane.rollout.json;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/** All tokens of a vocabulary as a tree of their bytes, in preorder: what a parser refuses at one node it refuses for all below. */
final class ByteTrie {
    private final int[] order; // token ids in the order of their bytes, as unsigned numbers
    private final byte[] label; // by node
    private final short[] level; // by node; the root, which is left out, has 0
    private final int[] next; // first node behind those below
    private final int[]
            firstToken; // tokens that end at node n: order[firstToken[n]] up to order[firstToken[n + 1] - 1]
    private final int longest;
    private final int size;

    /** {@code tokens} by id; null or no bytes for ids that are no text. */
    ByteTrie(byte[][] tokens) {
        order = IntStream.range(0, tokens.length)
                .filter(id -> tokens[id] != null && tokens[id].length > 0 && tokens[id].length < Short.MAX_VALUE)
                .boxed()
                .sorted(Comparator.comparing((Integer id) -> tokens[id], Arrays::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
        int most = Arrays.stream(order).map(id -> tokens[id].length).sum();
        byte[] labels = new byte[most];
        short[] levels = new short[most];
        int[] first = new int[most + 1];
        int nodes = 0;
        byte[] last = {};
        for (int i = 0; i < order.length; i++) {
            byte[] token = tokens[order[i]];
            int shared = Arrays.mismatch(last, token);
            for (int at = shared < 0 ? token.length : shared; at < token.length; at++) {
                labels[nodes] = token[at];
                levels[nodes] = (short) (at + 1);
                first[nodes++] = i;
            }
            first[nodes] = i + 1;
            last = token;
        }
        size = nodes;
        label = Arrays.copyOf(labels, size);
        level = Arrays.copyOf(levels, size);
        firstToken = Arrays.copyOf(first, size + 1);
        next = new int[size];
        longest = Arrays.stream(order).map(id -> tokens[id].length).max().orElse(0);
        int[] open = new int[longest + 1];
        Arrays.fill(open, -1);
        for (int node = 0; node < size; node++) {
            closeFrom(open, level[node], node);
            open[level[node]] = node;
        }
        closeFrom(open, 1, size);
    }

    private void closeFrom(int[] open, int from, int node) {
        for (int l = Math.max(1, from); l < open.length; l++) {
            if (open[l] >= 0) next[open[l]] = node;
            open[l] = -1;
        }
    }

    int size() {
        return size;
    }

    int longest() {
        return longest;
    }

    int label(int node) {
        return label[node] & 0xff;
    }

    int level(int node) {
        return level[node];
    }

    int next(int node) {
        return next[node];
    }

    /** Sets the ids of the tokens that end at a node. */
    void mark(int node, BitSet tokens) {
        for (int i = firstToken[node]; i < firstToken[node + 1]; i++) tokens.set(order[i]);
    }
}
