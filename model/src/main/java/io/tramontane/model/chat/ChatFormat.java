package io.tramontane.model.chat;

import io.tramontane.data.BadInputException;
import io.tramontane.data.MarkedText;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.time.LocalDate;
import java.util.Optional;

/** How a model's conversations become its prompts. */
public interface ChatFormat extends java.io.Serializable {
    /**
     * A conversation as the model was trained on; texts of its messages are foreign. What the format cannot express is a {@link
     * BadInputException} of one line.
     *
     * @param answerNext ends where the assistant's next message begins
     */
    MarkedText render(Conversation conversation, boolean answerNext);

    /** That of a model: Mistral's own where its files say which, else its chat template; empty where it has neither. */
    static Optional<ChatFormat> of(TokenizerFiles files, LocalDate today) {
        Optional<ChatFormat> mistral = MistralChat.of(files).map(ChatFormat.class::cast);
        if (mistral.isPresent()) return mistral;
        return ModelChat.isIn(files) ? Optional.of(ModelChat.of(files, "", today)) : Optional.empty();
    }
}
