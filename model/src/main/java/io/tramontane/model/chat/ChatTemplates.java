package io.tramontane.model.chat;

import io.tramontane.data.BadInputException;
import io.tramontane.data.ChatTemplate;
import io.tramontane.data.MarkedText;
import io.tramontane.data.Problem;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.chat.ChatMessage.Role;
import io.tramontane.model.tokenizer.MistralVersion;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** The chat templates that a config can name. */
public enum ChatTemplates implements ChatTemplate {
    /** The statement and a line break: what the tiny policy is trained on. */
    TINY {
        @Override
        public MarkedText marked(Problem problem) {
            return MarkedText.foreign(problem.statement()).plus(MarkedText.own("\n"));
        }
    },
    /** Our reasoning prompt between Mistral's instruction tokens, thoughts as text between think tags. */
    MAGISTRAL {
        @Override
        public MarkedText marked(Problem problem) {
            return magistral(ReasoningPrompt.text(ThinkTags.ANGLE), problem);
        }
    };

    private static MarkedText magistral(String system, Problem problem) {
        return MarkedText.own("<s>[SYSTEM_PROMPT]")
                .plus(ReasoningPrompt.marked(system))
                .plus(MarkedText.own("[/SYSTEM_PROMPT][INST]"))
                .plus(MarkedText.foreign(problem.statement()))
                .plus(MarkedText.own("[/INST]"));
    }

    /** {@link #TINY} with a system prompt of the user's, which is a line of its own before the statement. */
    private record Tiny(String system) implements ChatTemplate {
        private static final long serialVersionUID = 1;

        @Override
        public MarkedText marked(Problem problem) {
            return ReasoningPrompt.marked(system).plus(MarkedText.own("\n")).plus(TINY.marked(problem));
        }
    }

    /** {@link #MAGISTRAL} with a system prompt of the user's. */
    private record Magistral(String system) implements ChatTemplate {
        private static final long serialVersionUID = 1;

        @Override
        public MarkedText marked(Problem problem) {
            return magistral(system, problem);
        }
    }

    /** All names: ours, then those that take the model's own template. */
    public static final List<String> NAMES =
            List.of("tiny", "magistral", "model", "model-tokens", "model-plain", "model-system");

    private static final List<String> WITH_SYSTEM_PROMPT = List.of("tiny", "magistral", "model", "model-tokens");

    /**
     * Refuses a system prompt that the template would not show. A name that is not ours is refused elsewhere.
     *
     * @param key of the system prompt in the config
     * @param chatKey of the template's name
     */
    public static void checkSystemPrompt(String key, String system, String chatKey, String chat) {
        if (system.isEmpty() || !NAMES.contains(chat) || WITH_SYSTEM_PROMPT.contains(chat)) return;
        throw new IllegalArgumentException(key + ": " + chatKey + " " + chat + " has no system prompt, allowed with "
                + String.join(", ", WITH_SYSTEM_PROMPT));
    }

    /** The template of a name that needs no model. */
    public static ChatTemplate named(String name) {
        return switch (name) {
            case "tiny" -> TINY;
            case "magistral" -> MAGISTRAL;
            default ->
                throw new BadInputException("data.chat " + name + ", allowed " + String.join(", ", NAMES)
                        + (NAMES.contains(name) ? "; this one needs the model's files" : ""));
        };
    }

    /**
     * The template of a name: "tiny" and "magistral" are ours; "model" is the model's own with our reasoning prompt as the
     * system turn, "model-tokens" the same with the thoughts between the special tokens [THINK] and [/THINK], "model-plain"
     * without a system turn, "model-system" with the system prompt that comes with the model.
     *
     * @param today date for templates that ask for it
     */
    public static ChatTemplate named(String name, TokenizerFiles files, LocalDate today) {
        return named(name, "", files, today);
    }

    /**
     * The same with another system prompt, where the template has one.
     *
     * @param system instead of our reasoning prompt; empty for ours, and for none with "tiny"
     */
    public static ChatTemplate named(String name, String system, TokenizerFiles files, LocalDate today) {
        return switch (name) {
            case "tiny" -> system.isEmpty() ? TINY : new Tiny(system);
            case "magistral" -> system.isEmpty() ? MAGISTRAL : new Magistral(system);
            case "model" -> ownChat(files, ReasoningPrompt.text(system, ThinkTags.ANGLE), today);
            case "model-tokens" -> ownChat(files, ReasoningPrompt.text(system, ThinkTags.SQUARE), today);
            case "model-plain" -> ownChat(files, "", today);
            case "model-system" ->
                new OwnSystem(
                        ChatFormat.of(files, today).orElseGet(() -> ModelChat.of(files, "", today)),
                        SystemPrompt.of(files)
                                .orElseThrow(() -> new BadInputException(
                                        files.where() + ": no SYSTEM_PROMPT.txt, which data.chat model-system needs")));
            default -> named(name);
        };
    }

    /** The model's own chat with a system prompt of the program's. */
    private static ChatTemplate ownChat(TokenizerFiles files, String system, LocalDate today) {
        return MistralChat.of(files)
                .<ChatTemplate>map(chat -> new MistralTemplate(chat, system))
                .orElseGet(() -> ModelChat.of(files, system, today));
    }

    /** True where a model's files say how its chats are written. */
    public static boolean hasOwnChat(TokenizerFiles files) {
        return ModelChat.isIn(files) || MistralVersion.isIn(files);
    }

    /** Mistral's own encoding of a statement. */
    private record MistralTemplate(MistralChat chat, String system) implements ChatTemplate {
        private static final long serialVersionUID = 1;

        @Override
        public MarkedText marked(Problem problem) {
            return chat.prompt(ReasoningPrompt.marked(system), problem.statement());
        }
    }

    /** The model's own chat with the system prompt that comes with it. */
    private record OwnSystem(ChatFormat format, String system) implements ChatTemplate {
        private static final long serialVersionUID = 1;

        @Override
        public MarkedText marked(Problem problem) {
            return format.render(
                    new Conversation(
                            List.of(
                                    ChatMessage.of(Role.SYSTEM, SystemPrompt.chunks(system)),
                                    ChatMessage.of(Role.USER, problem.statement())),
                            List.of()),
                    true);
        }
    }

    /** The think tags that a template's prompt asks for; empty where it asks for none, as the model's own does. */
    public static Optional<ThinkTags> thinkTags(String name) {
        return switch (name) {
            case "tiny", "magistral", "model" -> Optional.of(ThinkTags.ANGLE);
            case "model-tokens" -> Optional.of(ThinkTags.SQUARE);
            default -> Optional.empty();
        };
    }

    /** The think tags that a model writes: those that the template asks for, else its special tokens, else {@code <think>}. */
    public static ThinkTags thinkTags(String name, TokenizerFiles files) {
        return thinkTags(name).orElseGet(() -> Marks.of(files).think() ? ThinkTags.SQUARE : ThinkTags.ANGLE);
    }
}
