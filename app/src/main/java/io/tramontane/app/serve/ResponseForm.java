package io.tramontane.app.serve;

import io.tramontane.model.chat.ResponseReader;
import io.tramontane.rollout.TokenMask;
import java.util.function.Supplier;

/**
 * How a chat's answer is written and read.
 *
 * @param opening tokens that the answer must begin with, usually none
 * @param mask makes the mask of each choice; null where all tokens are allowed
 * @param readers makes the reader of each choice, which has read the opening; for the teller's thread
 * @param closing tokens that the reader is given behind a whole answer, usually none: the mask ends before them
 */
record ResponseForm(int[] opening, Supplier<TokenMask> mask, Supplier<ResponseReader> readers, int[] closing) {}
