package io.tramontane.model.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.model.gguf.SentencePieceJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tokenizer in Mistral's own form, {@code tekken.json} or a SentencePiece model ({@code tokenizer.model.v3} and the like),
 * as the files that Hugging Face would ship.
 */
final class MistralTokenizer {
    static final String TEKKEN = "tekken.json";

    private static final JsonMapper JSON = JsonReading.mapper();

    /** As mistral-common names them: version of the chat encoding, then perhaps that of the images. */
    private static final Pattern SENTENCE_PIECE = Pattern.compile(".*\\.model(?:\\.v(\\d{1,3})(m\\d{1,3})?)?");

    private MistralTokenizer() {}

    /** The file among these names that holds the tokenizer: tekken.json, else the SentencePiece model of the newest version. */
    static Optional<String> choose(Collection<String> names) {
        if (names.contains(TEKKEN)) return Optional.of(TEKKEN);
        return names.stream()
                .filter(name -> SENTENCE_PIECE.matcher(name).matches())
                .max(Comparator.comparingInt(MistralTokenizer::version).thenComparing(Comparator.naturalOrder()));
    }

    /** 1 for a name without one. */
    static int version(String name) {
        Matcher parts = SENTENCE_PIECE.matcher(name);
        return parts.matches() && parts.group(1) != null ? Integer.parseInt(parts.group(1)) : 1;
    }

    /** Adds tokenizer.json to the files of a folder, and what is missing of tokenizer_config.json. */
    static void derive(String where, Map<String, byte[]> files) {
        String name = choose(files.keySet()).orElseThrow();
        String file = where + "/" + name;
        if (name.equals(TEKKEN)) {
            TekkenTokens tekken = TekkenFile.read(file, files.get(name));
            files.put("tokenizer.json", new TekkenJson(file, tekken).bytes());
            complete(where, files, tekken.specials());
        } else {
            List<SentencePieceFile.Piece> pieces = sentencePiece(file, files);
            complete(
                    where,
                    files,
                    pieces.stream()
                            .filter(p -> p.type() == SentencePieceFile.CONTROL || p.type() == SentencePieceFile.UNKNOWN)
                            .map(SentencePieceFile.Piece::text)
                            .toList());
        }
    }

    private static List<SentencePieceFile.Piece> sentencePiece(String file, Map<String, byte[]> files) {
        SentencePieceFile model = SentencePieceFile.read(file, files.get(file.substring(file.lastIndexOf('/') + 1)));
        List<SentencePieceFile.Piece> pieces = model.pieces();
        if (pieces.get(0).type() != SentencePieceFile.UNKNOWN)
            throw new BadInputException(
                    file + ": pieces[0].type " + pieces.get(0).type() + ", allowed 2 (unknown)");
        if (pieces.stream()
                .noneMatch(
                        p -> p.type() == SentencePieceFile.CONTROL && p.text().equals("</s>")))
            throw new BadInputException(file + ": no control piece </s>");
        ObjectNode json = JSON.createObjectNode().put("version", "1.0");
        ArrayNode added = json.putArray("added_tokens");
        BitSet whole = new BitSet();
        float[] scores = new float[pieces.size()];
        List<String> texts = new ArrayList<>();
        for (int id = 0; id < pieces.size(); id++) {
            SentencePieceFile.Piece piece = pieces.get(id);
            texts.add(piece.text());
            scores[id] = piece.score();
            if (piece.type() == SentencePieceFile.NORMAL) continue;
            whole.set(id);
            if (piece.type() == SentencePieceFile.BYTE) continue;
            ObjectNode token = added.addObject().put("id", id).put("content", piece.text());
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) token.put(flag, false);
            token.put("special", piece.type() != SentencePieceFile.USER_DEFINED);
        }
        try {
            new SentencePieceJson(texts, scores, model.blankFirst(), whole).write(json);
            files.put("tokenizer.json", JSON.writeValueAsBytes(json));
        } catch (BadInputException e) {
            throw new BadInputException(file + ": " + e.getMessage());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("writing JSON to memory", e);
        }
        return pieces;
    }

    private static void complete(String where, Map<String, byte[]> files, List<String> specials) {
        Map<String, String> named = new LinkedHashMap<>();
        named.put("bos_token", "<s>");
        named.put("eos_token", "</s>");
        named.put("unk_token", "<unk>");
        named.put("pad_token", "<pad>");
        try {
            JsonNode given = JSON.readTree(files.getOrDefault("tokenizer_config.json", new byte[] {'{', '}'}));
            if (given == null || !given.isObject())
                throw new BadInputException(where + "/tokenizer_config.json: is not a JSON object");
            ObjectNode config = (ObjectNode) given;
            named.forEach((key, token) -> {
                if (!config.hasNonNull(key) && specials.contains(token)) config.put(key, token);
            });
            // Not the class of the folder's own config: it may be one that reads other files than tokenizer.json.
            config.put("tokenizer_class", "PreTrainedTokenizerFast");
            config.put("clean_up_tokenization_spaces", false);
            files.put("tokenizer_config.json", JSON.writeValueAsBytes(config));
        } catch (JsonProcessingException e) {
            throw new BadInputException(where + "/tokenizer_config.json: not JSON: " + JsonReading.fault(e));
        } catch (IOException e) {
            throw new BadInputException(where + "/tokenizer_config.json: cannot be read: " + e.getMessage());
        }
    }
}
