package io.tramontane.cluster.cli;

import io.tramontane.data.BadInputException;
import io.tramontane.data.ChatTemplate;
import io.tramontane.data.ChatTemplates;
import io.tramontane.data.Group;
import io.tramontane.data.HuggingFaceTokenizer;
import io.tramontane.data.ModelChat;
import io.tramontane.data.ThinkTags;
import io.tramontane.data.Tokenizer;
import io.tramontane.data.TokenizerFiles;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.rollout.GroupRequest;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.rollout.SampledLogprobs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands that sample from a model have in common. */
final class SamplingOptions {
    private static final int MOST_SLOTS = 128;
    private static final int MOST_TOKENS = 1024;
    private static final int DECODE_STEPS = 4;

    /** A vocabulary below this is the tiny policy's. */
    private static final int SMALL_VOCABULARY = 10_000;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "model folder in Hugging Face form, a run's checkpoints/step-000050, or builtin:tiny")
    private String model;

    @Option(
            names = "--chat",
            paramLabel = "NAME",
            description =
                    "chat template: tiny (default for vocabularies under 10,000), magistral, the model's own with our "
                            + "reasoning prompt (model, default where it has one; model-tokens with [THINK] marks) or without (model-plain)")
    private String chat;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "longest completion; the default is what fits after the longest prompt, at most 1024")
    private Integer maxTokens;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "of the random numbers (default 1)")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "generators at work; the default is the number of cores, the result is the same")
    private Integer threads;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    private Consumer<SampledLogprobs> listener;
    private Path folder;
    private TokenizerFiles files;

    Path folder() {
        if (folder == null) folder = ModelFolder.resolve(model);
        return folder;
    }

    /** What the random numbers and lengths depend on, for a journal. */
    String identity() {
        return "chat " + chat() + ", seed " + seed + ", max-tokens " + (maxTokens == null ? "default" : maxTokens);
    }

    long seed() {
        return seed;
    }

    ChatTemplate template() {
        return ChatTemplates.named(chat(), files());
    }

    /** The name of the chat template: the one asked for, else what suits the model. */
    String chat() {
        if (chat != null) return chat;
        if (Checkpoint.config(folder()).vocabulary() < SMALL_VOCABULARY) return "tiny";
        if (!ModelChat.isIn(files())) return "magistral";
        return files().hasThinkTokens() ? "model-tokens" : "model";
    }

    /** True for models with Mistral's marks, whose cards recommend temperature 0.7 and top-p 0.95. */
    boolean isMagistral() {
        return chat().equals("magistral") || chat().equals("model-tokens") || files().hasThinkTokens();
    }

    /** How the model marks its thoughts under this template. */
    ThinkTags thinkTags() {
        return ChatTemplates.thinkTags(chat(), files());
    }

    TokenizerFiles files() {
        if (files == null) files = TokenizerFiles.of(folder());
        return files;
    }

    /** Raw and processed log-probabilities are wanted, too: of each completion, before its group is handed over. */
    void listen(Consumer<SampledLogprobs> reader) {
        this.listener = reader;
    }

    /** Samples every prompt and hands over its group as it completes; group ids are positions in the list. */
    void sample(List<Prompt> prompts, int samples, double temperature, double topP, Consumer<Group> done) {
        sample(prompts, i -> true, samples, temperature, topP, done);
    }

    /** The same for the prompts at the positions that are wanted; what they become does not depend on the others. */
    void sample(
            List<Prompt> prompts,
            LongPredicate wanted,
            int samples,
            double temperature,
            double topP,
            Consumer<Group> done) {
        if (samples < 1) throw new BadInputException("--samples " + samples + ", allowed >= 1");
        if (!(temperature >= 0)) throw new BadInputException("--temperature " + temperature + ", allowed >= 0");
        if (!(topP > 0 && topP <= 1)) throw new BadInputException("--top-p " + topP + ", allowed (0, 1]");
        if (threads != null && threads < 1) throw new BadInputException("--threads " + threads + ", allowed >= 1");
        List<GroupRequest> requests = requests(prompts, samples, temperature == 0);
        int longest =
                requests.stream().mapToInt(r -> r.promptTokens().length).max().orElse(1);
        int tokens = completionTokens(longest);
        requests.removeIf(request -> !wanted.test(request.id()));
        if (requests.isEmpty()) return;
        int workers = Math.min(threads == null ? Runtime.getRuntime().availableProcessors() : threads, requests.size());
        int slots = Math.min(MOST_SLOTS, (requests.size() * samples + workers - 1) / workers);
        RolloutConfig config = new RolloutConfig(2, slots, DECODE_STEPS, longest, tokens, temperature, topP);
        SlotPlan plan = SlotPlan.of(Checkpoint.config(folder()), config, workers, Memory.total());
        command.commandLine().getErr().println(plan.text());
        config = config.withSlots(plan.granted().slots());
        new Sampling(Checkpoint.read(folder(), 0), this::tokenizer, config, seed, workers)
                .run(requests, listener, done);
    }

    private Tokenizer tokenizer() {
        return new HuggingFaceTokenizer(files());
    }

    private List<GroupRequest> requests(List<Prompt> prompts, int samples, boolean greedy) {
        List<GroupRequest> requests = new ArrayList<>();
        try (Tokenizer tokenizer = tokenizer()) {
            for (Prompt prompt : prompts) {
                int[] tokens = tokenizer.encode(prompt.text());
                requests.add(new GroupRequest(requests.size(), prompt.problem(), tokens, new int[0], samples, greedy));
            }
        }
        return requests;
    }

    private int completionTokens(int longestPrompt) {
        int positions = Checkpoint.config(folder()).positions();
        int room = positions - longestPrompt;
        if (maxTokens != null && maxTokens < 1)
            throw new BadInputException("--max-tokens " + maxTokens + ", allowed >= 1");
        if (room < 1 || (maxTokens != null && maxTokens > room))
            throw new BadInputException("the longest prompt has " + longestPrompt + " tokens and the model " + positions
                    + " positions: " + (room < 1 ? "no room" : "--max-tokens " + maxTokens + ", allowed <= " + room));
        return maxTokens != null ? maxTokens : Math.min(MOST_TOKENS, room);
    }
}
