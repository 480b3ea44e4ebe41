package io.tramontane.data;

import java.util.Locale;

/** How a policy marks its thoughts; the other spelling is ordinary text then. Letters' case counts. */
public enum ThinkTags {
    /** As the chat template asks for; {@link #ANGLE} where it asks for nothing. */
    CHAT("<think>", "</think>"),
    /** {@code <think>...</think>}, as the paper prints it. */
    ANGLE("<think>", "</think>"),
    /** {@code [THINK]...[/THINK]}, the special tokens of the published Magistral models from 2507 on. */
    SQUARE("[THINK]", "[/THINK]");

    private final String open;
    private final String close;

    ThinkTags(String open, String close) {
        this.open = open;
        this.close = close;
    }

    /** What the completion must start with. */
    public String open() {
        return open;
    }

    /** What stands between thoughts and answer. */
    public String close() {
        return close;
    }

    /** This setting, where {@link #CHAT} is what the chat template asks for. */
    public ThinkTags or(ThinkTags chat) {
        return this == CHAT ? chat : this;
    }

    /** As in the config. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
