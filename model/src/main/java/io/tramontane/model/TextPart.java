package io.tramontane.model;

import io.tramontane.data.BadInputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decoder inside Mistral Small 3.1, 3.2, Magistral 1.2, Ministral 3 and Pixtral, which come with a vision tower: its
 * tensors under the names of a plain decoder. transformers has written them in two spellings, {@code language_model.model.layers.0} and
 * {@code model.language_model.layers.0}. Images are not read, so tower and projector are left out.
 */
final class TextPart {
    /** The name of Pixtral's whole. */
    static final String PIXTRAL = "LlavaForConditionalGeneration";

    /** Hugging Face's names of the whole. */
    static final List<String> WHOLE = List.of("Mistral3ForConditionalGeneration", PIXTRAL);

    /** What the decoder may be. */
    static final List<Architecture> DECODERS = List.of(Architecture.MISTRAL, Architecture.MINISTRAL3);

    private static final Logger LOG = LoggerFactory.getLogger(TextPart.class);
    private static final Map<String, String> PREFIXES = Map.of(
            "language_model.model.", "model.",
            "language_model.lm_head.", "lm_head.",
            "model.language_model.", "model.",
            "lm_head.", "lm_head.");
    private static final List<String> VISION =
            List.of("vision_tower.", "multi_modal_projector.", "model.vision_tower.", "model.multi_modal_projector.");

    private TextPart() {}

    /** The decoder's tensors by their plain names; a tensor of neither decoder nor vision tower is an error. */
    static Map<String, StoredTensor> of(Path folder, PolicyConfig config, Map<String, StoredTensor> whole) {
        Map<String, StoredTensor> text = new LinkedHashMap<>();
        int left = 0;
        for (StoredTensor tensor : whole.values()) {
            if (VISION.stream().anyMatch(tensor.name()::startsWith)) left++;
            else if (text.put(plain(tensor), tensor) != null)
                throw new BadInputException(tensor.what() + " appears twice, in two spellings");
        }
        LOG.info(
                "{}: the text part is read and will be written as {}; {} tensors of vision tower and projector are left"
                        + " out",
                folder,
                config.variant().architecture().className(),
                left);
        return text;
    }

    private static String plain(StoredTensor tensor) {
        for (Map.Entry<String, String> prefix : PREFIXES.entrySet())
            if (tensor.name().startsWith(prefix.getKey()))
                return prefix.getValue()
                        + tensor.name().substring(prefix.getKey().length());
        throw new BadInputException(tensor.what() + " does not belong to a " + WHOLE.get(0));
    }
}
