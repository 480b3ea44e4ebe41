package io.tramontane.app.serve;

/**
 * Whether the model may call tools.
 *
 * @param mode how free it is
 * @param name of the tool that it must call; null except for {@link Mode#NAMED}
 */
record ToolChoice(Mode mode, String name) {
    static final ToolChoice NONE = new ToolChoice(Mode.NONE, null);
    static final ToolChoice AUTO = new ToolChoice(Mode.AUTO, null);
    static final ToolChoice REQUIRED = new ToolChoice(Mode.REQUIRED, null);

    enum Mode {
        NONE,
        AUTO,
        REQUIRED,
        NAMED
    }

    /** Whether the answer is a call in any case. */
    boolean forced() {
        return mode == Mode.REQUIRED || mode == Mode.NAMED;
    }
}
