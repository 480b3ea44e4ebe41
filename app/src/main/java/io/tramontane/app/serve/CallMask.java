package io.tramontane.app.serve;

import io.tramontane.rollout.TokenMask;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;

/**
 * The mask of a call that the client asks for: first one of some sequences of tokens, which name the tools, then a JSON
 * object, its arguments.
 */
final class CallMask implements TokenMask {
    private final Supplier<TokenMask> object;
    private final BitSet never;
    private List<int[]> names;
    private TokenMask arguments;
    private int length;

    /**
     * Makes it.
     *
     * @param names tokens of each name with what follows it; none is the beginning of another; empty if the name is written
     * @param object makes the mask of a JSON object
     * @param never tokens that the object's mask allows and that have no place here
     */
    CallMask(List<int[]> names, Supplier<TokenMask> object, BitSet never) {
        this.names = names;
        this.object = object;
        this.never = never;
        if (names.isEmpty()) arguments = object.get();
    }

    @Override
    public BitSet allowed() {
        BitSet allowed = new BitSet();
        if (arguments == null) {
            for (int[] name : names) allowed.set(name[length]);
            return allowed;
        }
        allowed.or(arguments.allowed());
        allowed.andNot(never);
        return allowed;
    }

    @Override
    public void accept(int token) {
        if (arguments != null) {
            arguments.accept(token);
            return;
        }
        List<int[]> fitting = new ArrayList<>();
        for (int[] name : names) if (name[length] == token) fitting.add(name);
        names = fitting;
        length++;
        if (names.size() == 1 && names.get(0).length == length) arguments = object.get();
    }
}
