package io.tramontane.data.gym;

import io.tramontane.data.Problem;

/** What is asked, without a language: numbers and operations. Names and wordings come when it is told. */
interface Exercise {
    /** The same text for the same question, whatever the language and the wording. Training and evaluation are cut by it. */
    String canonical();

    /** Tells it in a language, with names and wordings that the dice choose. */
    Problem tell(String id, String language, int level, Dice dice);
}
