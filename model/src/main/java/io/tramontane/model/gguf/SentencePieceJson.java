package io.tramontane.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * SentencePiece's BPE as Hugging Face's: a piece with a higher score is merged earlier, so the merges are all the ways to
 * cut a piece into two others, in the order of the pieces' scores. Characters without a piece become bytes.
 *
 * @param pieces by id
 * @param scores by id
 * @param blankFirst a blank is put before the text and taken off when decoded
 * @param whole ids that are never put together out of other pieces: control pieces, bytes
 */
public record SentencePieceJson(List<String> pieces, float[] scores, boolean blankFirst, BitSet whole) {
    private static final int LONGEST_PIECE = 1_000;
    private static final int MOST_MERGES = 2_000_000; // 32,768 pieces of Mistral's have 60,000

    private record Merge(String left, String right, int leftId, int rightId, float score) {}

    /** Every piece may be put together, as GGUF files have them. */
    SentencePieceJson(List<String> pieces, float[] scores, boolean blankFirst) {
        this(pieces, scores, blankFirst, new BitSet());
    }

    /** Adds normalizer, decoder and model to a tokenizer.json. */
    public void write(ObjectNode json) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int id = 0; id < pieces.size(); id++) {
            if (ids.put(pieces.get(id), id) != null)
                throw new BadInputException("the token \"" + pieces.get(id) + "\" is there twice");
        }
        writeBlanks(json, blankFirst);
        ObjectNode model = json.putObject("model").put("type", "BPE").put("unk_token", pieces.get(0));
        model.put("fuse_unk", true).put("byte_fallback", true);
        ObjectNode vocabulary = model.putObject("vocab");
        ids.forEach(vocabulary::put);
        ArrayNode merges = model.putArray("merges");
        for (Merge merge : merges(ids)) merges.addArray().add(merge.left()).add(merge.right());
    }

    /** Normalizer and decoder: blanks become U+2581 and come back; bytes become characters. */
    static void writeBlanks(ObjectNode json, boolean blankFirst) {
        ObjectNode normalizer = json.putObject("normalizer").put("type", "Sequence");
        ArrayNode steps = normalizer.putArray("normalizers");
        if (blankFirst) steps.addObject().put("type", "Prepend").put("prepend", "\u2581");
        replace(steps.addObject(), " ", "\u2581");
        ArrayNode decoders = json.putObject("decoder").put("type", "Sequence").putArray("decoders");
        replace(decoders.addObject(), "\u2581", " ");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (blankFirst)
            decoders.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
    }

    private static void replace(ObjectNode step, String from, String to) {
        step.put("type", "Replace").put("content", to).putObject("pattern").put("String", from);
    }

    private List<Merge> merges(Map<String, Integer> ids) {
        List<Merge> merges = new ArrayList<>();
        for (int id = 0; id < pieces.size(); id++) {
            String piece = pieces.get(id);
            if (piece.length() > LONGEST_PIECE)
                throw new BadInputException(
                        "token " + id + " has " + piece.length() + " characters, allowed " + LONGEST_PIECE);
            if (whole.get(id)) continue;
            for (int cut = 1; cut < piece.length(); cut++) {
                Integer left = ids.get(piece.substring(0, cut));
                Integer right = ids.get(piece.substring(cut));
                if (merges.size() > MOST_MERGES)
                    throw new BadInputException(
                            "the pieces can be cut into others in more than " + MOST_MERGES + " ways");
                if (left != null && right != null)
                    merges.add(new Merge(piece.substring(0, cut), piece.substring(cut), left, right, scores[id]));
            }
        }
        merges.sort(Comparator.comparingDouble((Merge m) -> -m.score())
                .thenComparing(m -> -m.left().length())
                .thenComparing(m -> -m.right().length())
                .thenComparing(Merge::leftId)
                .thenComparing(Merge::rightId));
        return merges;
    }
}
