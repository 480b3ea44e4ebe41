package io.tramontane.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A Unigram tokenizer ("t5") as Hugging Face's: of all ways to cut a text, the one whose pieces have the highest sum of
 * scores.
 *
 * @param pieces by id, with U+2581 for blanks
 * @param scores by id
 * @param unknown id of the token for characters without a piece
 * @param bytes characters without a piece become bytes
 * @param blankFirst a blank is put before the text and taken off when decoded
 */
record UnigramJson(List<String> pieces, float[] scores, int unknown, boolean bytes, boolean blankFirst) {
    void write(ObjectNode json) {
        SentencePieceJson.writeBlanks(json, blankFirst);
        ObjectNode model = json.putObject("model").put("type", "Unigram");
        model.put("unk_id", unknown).put("byte_fallback", bytes);
        ArrayNode vocabulary = model.putArray("vocab");
        for (int id = 0; id < scores.length; id++)
            vocabulary.addArray().add(pieces.get(id)).add(scores[id]);
    }
}
