package io.tramontane.app.cli;

import io.tramontane.cluster.config.Config;
import io.tramontane.data.BadInputException;
import io.tramontane.data.ChatTemplate;
import io.tramontane.data.Group;
import io.tramontane.data.ThinkTags;
import io.tramontane.data.source.DataConfig;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.Dtype;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.model.chat.Marks;
import io.tramontane.model.chat.Thoughts;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.rollout.GroupRequest;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.rollout.SampledLogprobs;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of the commands that sample from a model. */
final class SamplingOptions {
    private static final int MOST_SLOTS = 128;
    private static final int DECODE_STEPS = 4;

    /** Enough for an answer without long thoughts. */
    private static final int MOST_TOKENS = 2048;

    /** What the cards of the Magistral models recommend. */
    private static final int MAGISTRAL_TOKENS = 40_960;

    /** A vocabulary below this is the tiny policy's. */
    private static final int SMALL_VOCABULARY = 10_000;

    /** Our own templates, for models without one. */
    private static final List<String> OUR_TEMPLATES = List.of("tiny", "magistral");

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "model folder in Hugging Face form, a run's checkpoints/step-000050, or builtin:tiny")
    private String model;

    @Option(
            names = "--chat",
            paramLabel = "NAME",
            description =
                    "chat template: tiny (default for vocabularies under 10,000), magistral, the model's own with our "
                            + "reasoning prompt (model, default where it has one; model-tokens with [THINK] marks) without (model-plain), or"
                            + " with the SYSTEM_PROMPT.txt that comes with it (model-system)."
                            + " Required for a model without a template, unless it has Mistral's marks")
    private String chat;

    private String systemPrompt = ""; // the run's, where its checkpoint is sampled from

    @Option(
            names = "--date",
            paramLabel = "DAY",
            description = "date for chat templates that contain one, e.g. 2026-01-31 (default today)")
    private String date;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description =
                    "longest completion; the default is what fits after the longest prompt, at most 2048, and 40960 for"
                            + " Magistral models and the magistral template")
    private Integer maxTokens;

    @Option(names = "--seed", paramLabel = "S", description = "seed of the random numbers (default 1)")
    private Long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "number of generators; the default is the number of cores, or as many as fit into memory; with fewer prompts or less"
                            + " memory the operators of each take several (models from 8M parameters on); the result is the same, but"
                            + " for last digits then")
    private Integer threads;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description =
                    "type of weights, keys and values: auto (default; bfloat16 on a GPU, float32 on a CPU), float32, bfloat16,"
                            + " int8 (weights alone, on a CPU)")
    private String dtype;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    private Consumer<SampledLogprobs> listener;
    private Path folder;
    private TokenizerFiles files;
    private Marks marks;
    private List<Integer> ends = List.of();
    private boolean batchInvariant;

    /** Takes from the config of a run every value that no flag sets. */
    void asIn(Config run, Supplier<String> checkpoint) {
        if (model == null) model = checkpoint.get();
        if (chat == null || chat.equals(run.data().chat())) {
            chat = run.data().chat();
            systemPrompt = run.data().systemPrompt();
        }
        if (date == null) date = run.data().date();
        if (maxTokens == null) maxTokens = run.rollout().maxTokens();
        if (seed == null) seed = run.seed();
        batchInvariant = run.rollout().batchInvariant();
        if (dtype == null) dtype = run.rollout().dtype().toString();
    }

    /** As the user named it. */
    String model() {
        if (model == null) throw new BadInputException("Missing required option: '--model=DIR'");
        return model;
    }

    Path folder() {
        if (folder == null) folder = ModelFolder.resolve(model());
        return folder;
    }

    long seed() {
        return seed == null ? 1 : seed;
    }

    ChatTemplate template() {
        return ChatTemplates.named(chat(), systemPrompt, files(), today());
    }

    private LocalDate today() {
        return day(date);
    }

    /** The day of {@code --date}; today without it. */
    static LocalDate day(String date) {
        try {
            return date == null ? LocalDate.now() : DataConfig.day(date);
        } catch (DateTimeParseException e) {
            throw new BadInputException("--date " + date + ", allowed today, or like 2026-01-31");
        }
    }

    /** A model with a vocabulary as small as this is taken for a tiny policy, which has no chat template. */
    static boolean isSmall(PolicyConfig shape) {
        return shape.vocabulary() < SMALL_VOCABULARY;
    }

    /** The name of the chat template: that of the flag, else the default for the model. */
    String chat() {
        return chosenTemplate()
                .orElseThrow(() -> new BadInputException("model " + model()
                        + ": has no chat template (neither chat_template.jinja nor chat_template in tokenizer_config.json or"
                        + " chat_template.json), name one with --chat, allowed " + String.join(", ", OUR_TEMPLATES)));
    }

    private Optional<String> chosenTemplate() {
        if (chat != null) return Optional.of(chat);
        if (isSmall(Checkpoint.config(folder()))) return Optional.of("tiny");
        if (ChatTemplates.hasOwnChat(files())) return Optional.of(marks().think() ? "model-tokens" : "model");
        return marks().system() ? Optional.of("magistral") : Optional.empty();
    }

    private Marks marks() {
        if (marks == null) marks = Marks.of(files());
        return marks;
    }

    /** True for Mistral's reasoning models and their templates: the cards recommend temperature 0.7 and top-p 0.95. */
    boolean isMagistral() {
        return chosenTemplate()
                        .filter(name -> name.equals("magistral") || name.equals("model-tokens"))
                        .isPresent()
                || marks().magistral();
    }

    /** How the model marks its thoughts under this template. */
    Thoughts thoughts(ThinkTags set, boolean freeForm) {
        if (freeForm) return Thoughts.lenient(chat(), files(), today(), set);
        return Thoughts.of(chat(), files(), today(), set);
    }

    TokenizerFiles files() {
        if (files == null) files = TokenizerFiles.of(folder());
        return files;
    }

    /** Passes the raw and processed log-probabilities of each completion to {@code reader}, before its group. */
    void listen(Consumer<SampledLogprobs> reader) {
        this.listener = reader;
    }

    /** Tokens at which a completion of the plan ends, by the tokenizer; the model's config may name more. */
    List<Integer> ends() {
        return ends;
    }

    /** Samples every prompt and passes on each group when it is complete; group ids are positions in the list. */
    void sample(List<Prompt> prompts, SamplingPlan.Parameters parameters, Consumer<Group> done) {
        sample(plan(prompts, parameters), i -> true, done);
    }

    /** What will be sampled. */
    SamplingPlan plan(List<Prompt> prompts, SamplingPlan.Parameters parameters) {
        if (parameters.samples() < 1)
            throw new BadInputException("--samples " + parameters.samples() + ", allowed >= 1");
        if (!(parameters.temperature() >= 0))
            throw new BadInputException("--temperature " + parameters.temperature() + ", allowed >= 0");
        if (!(parameters.topP() > 0 && parameters.topP() <= 1))
            throw new BadInputException("--top-p " + parameters.topP() + ", allowed (0, 1]");
        if (threads != null && threads < 1) throw new BadInputException("--threads " + threads + ", allowed >= 1");
        Checkpoint.fittingConfig(folder());
        List<GroupRequest> requests = requests(prompts, parameters.samples(), parameters.temperature() == 0);
        int longest =
                requests.stream().mapToInt(r -> r.promptTokens().length).max().orElse(1);
        RolloutConfig most = new RolloutConfig(
                        2,
                        MOST_SLOTS,
                        DECODE_STEPS,
                        longest,
                        completionTokens(longest),
                        parameters.temperature(),
                        parameters.topP(),
                        batchInvariant)
                .withDtype(dtype())
                .withUsualDrafts(ComputeDevice.available());
        return SamplingPlan.of(
                Checkpoint.config(folder()), requests, most, SamplingPlan.Resources.ofThisMachine(threads));
    }

    /** Samples the prompts at the wanted positions; their completions do not depend on the other prompts. */
    void sample(SamplingPlan plan, LongPredicate wanted, Consumer<Group> done) {
        List<GroupRequest> requests =
                plan.requests().stream().filter(r -> wanted.test(r.id())).toList();
        if (requests.isEmpty()) return;
        command.commandLine().getErr().println(plan.text());
        run(plan, Checkpoint.read(folder(), 0)).run(requests, listener, done);
    }

    /** Of these weights, in place of the model's own. */
    SamplingRun run(SamplingPlan plan, WeightSnapshot weights) {
        return new SamplingRun(weights, this::tokenizer, plan.config(), seed(), plan.workers(), plan.threads());
    }

    private Tokenizer tokenizer() {
        return new HuggingFaceTokenizer(files());
    }

    private List<GroupRequest> requests(List<Prompt> prompts, int samples, boolean greedy) {
        List<GroupRequest> requests = new ArrayList<>();
        try (Tokenizer tokenizer = tokenizer()) {
            ends = IntStream.range(0, tokenizer.vocabularySize())
                    .filter(tokenizer::ends)
                    .boxed()
                    .toList();
            for (Prompt prompt : prompts) {
                int[] tokens = tokenizer.encode(prompt.text());
                requests.add(new GroupRequest(requests.size(), prompt.problem(), tokens, new int[0], samples, greedy));
            }
        }
        return requests;
    }

    private Dtype dtype() {
        if (dtype == null) return Dtype.AUTO;
        for (Dtype known : Dtype.values())
            if (known.toString().equals(dtype) && !(batchInvariant && (known == Dtype.BFLOAT16 || known == Dtype.INT8)))
                return known;
        throw new BadInputException("--dtype " + dtype + ", allowed auto or float32"
                + (batchInvariant ? " with the run's rollout.batchInvariant" : " or bfloat16 or int8"));
    }

    private int completionTokens(int longestPrompt) {
        int positions = Checkpoint.config(folder()).positions();
        int room = positions - longestPrompt;
        if (maxTokens != null && maxTokens < 1)
            throw new BadInputException("--max-tokens " + maxTokens + ", allowed >= 1");
        if (room < 1 || (maxTokens != null && maxTokens > room))
            throw new BadInputException("the longest prompt has " + longestPrompt + " tokens and the model " + positions
                    + " positions: " + (room < 1 ? "no room" : "--max-tokens " + maxTokens + ", allowed <= " + room));
        return maxTokens != null ? maxTokens : Math.min(isMagistral() ? MAGISTRAL_TOKENS : MOST_TOKENS, room);
    }
}
