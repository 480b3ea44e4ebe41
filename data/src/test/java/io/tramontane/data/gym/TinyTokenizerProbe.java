package io.tramontane.data.gym;

import java.io.IOException;

/** Opens the maker to tests of other packages. */
public final class TinyTokenizerProbe {
    private TinyTokenizerProbe() {}

    /** What the maker would write. */
    public static String tokenizer() throws IOException {
        return TinyTokenizerMaker.tokenizer();
    }
}
