package io.tramontane.trainer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.ChatTemplate;
import io.tramontane.data.Interval;
import io.tramontane.data.LocalPath;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.SftExample;
import io.tramontane.data.SftSource;
import io.tramontane.data.ThinkTags;
import io.tramontane.data.gym.GymTraces;
import io.tramontane.data.source.SolutionTraces;
import io.tramontane.data.source.SolutionTraces.Form;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.Cores;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.NotFiniteGradientException;
import io.tramontane.model.Numerics;
import io.tramontane.model.Policy;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.model.chat.Thoughts;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Supervised fine-tuning on the gym's traces, the solutions of a data set or conversations: token-level log-likelihood of what
 * is learned, AdamW. A batch is packed as in reinforcement learning ({@link Packing}) and its passes are dealt to the threads;
 * the threads' gradients are added in a fixed order, so that a run can be repeated bit by bit. The first thread adds into the
 * optimizer's own gradient.
 */
public final class Sft implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sft.class);

    private final SftConfig config;
    private final Tokenizer tokenizer;
    private final SftSource traces;
    private final Policy policy;
    private final Adapters adapters;
    private final Optimizer optimizer;
    private final GradientShares shares;

    private Sft(SftConfig config, TokenizerFiles files) {
        this.config = config;
        this.tokenizer = new HuggingFaceTokenizer(files);
        this.traces = traces(files);
        WeightSnapshot weights = weights();
        this.policy = new Policy(weights, Numerics.FAST, config.dtype(), ComputeDevice.available(), config.lora());
        this.adapters = Adapters.of(policy, config.lora(), weights);
        adapters.begin(config.seed());
        this.optimizer = new Optimizer(policy, config.optimizer());
        this.shares = new GradientShares(policy, optimizer, config.threads(), new Cores(config.threads()));
    }

    private SftSource traces(TokenizerFiles files) {
        LocalDate today = LocalDate.now();
        if (!config.conversations().isEmpty())
            return Conversations.open(
                    LocalPath.of("conversations", config.conversations()),
                    Conversations.renderer(config.chat(), files, today),
                    this::fits,
                    config.seed());
        ChatTemplate chat = ChatTemplates.named(config.chat(), config.systemPrompt(), files, today);
        if (config.problems().isEmpty()) return new GymTraces(config.gym(), config.traces(), chat, config.seed());
        Form form = new Form(
                chat, Thoughts.of(config.chat(), files, today, ThinkTags.CHAT).tags());
        return SolutionTraces.open(LocalPath.of("problems", config.problems()), form, this::fits, config.seed());
    }

    private boolean fits(SftExample example) {
        return SftSequence.of(example, tokenizer).tokens() <= config.maxTokens();
    }

    private WeightSnapshot weights() {
        if (!config.model().isEmpty()) return Checkpoint.read(ModelFolder.resolve(config.model()), 0);
        return InitialWeights.of(
                config.shape().policy(tokenizer.vocabularySize(), tokenizer.endOfText()), config.seed());
    }

    /**
     * Trains and writes a model folder; the tokenizer's files are put beside the weights. Where the folder has checkpoints of
     * an earlier call with the same config, it goes on from the newest.
     */
    public static void run(SftConfig config, TokenizerFiles files, Path out, Consumer<SftProgress> progress) {
        run(config, files, out, progress, LOG::warn);
    }

    /** The same; a line tells of a checkpoint that is damaged. */
    public static void run(
            SftConfig config, TokenizerFiles files, Path out, Consumer<SftProgress> progress, Consumer<String> tell) {
        SftFolder folder = new SftFolder(out);
        folder.make(config);
        try (Sft sft = new Sft(config, files)) {
            int done = folder.latest(tell).map(sft::restore).orElse(0);
            ObjectNode before = folder.cutCurve(done);
            Path tokenizerJson = files.write(out);
            long tokens = before.path("tokens").asLong();
            double secondsBefore = before.path("seconds").asDouble();
            long start = System.nanoTime();
            for (int step = done + 1; step <= config.steps(); step++) {
                List<SftSequence> batch = sft.batch(step);
                int batchTokens =
                        batch.stream().mapToInt(SftSequence::learnedTokens).sum();
                double loss = sft.step(step, batch, batchTokens);
                tokens += batchTokens;
                SftProgress now = new SftProgress(step, config.steps(), loss, tokens);
                double rate = config.optimizer().rateAt(step, config.steps());
                folder.loss(now, rate, secondsBefore + (System.nanoTime() - start) / 1e9);
                if (isCheckpoint(config, step)) sft.save(folder.checkpoint(step), tokenizerJson, step);
                progress.accept(now);
            }
            Optional<Adapters.Saved> adapters = sft.adapters.saved(config.steps());
            if (adapters.isPresent()) adapters.get().write(new LocalStorage(out));
            Checkpoint.write(out, sft.policy.snapshot(config.steps()), null);
            files.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + out, e);
        } finally {
            folder.removeIfEmpty();
        }
    }

    /** The last step's model is the result itself. */
    private static boolean isCheckpoint(SftConfig config, int step) {
        return config.checkpointEvery() > 0
                && new Interval(config.checkpointEvery()).includes(step)
                && step < config.steps();
    }

    private void save(Path folder, Path tokenizerJson, int step) {
        TrainingState.write(new LocalStorage(folder), tokenizerJson, CheckpointParts.of(step, adapters, optimizer));
    }

    /** Goes on from a checkpoint; returns its step. */
    private int restore(Path folder) {
        Path base = config.lora().on() ? ModelFolder.resolve(config.model()) : null;
        try (TrainingState state =
                TrainingState.open(new LocalStorage(folder), config.lora(), base, Collectives.ALONE)) {
            if (!state.weights().config().equals(policy.config()))
                throw new BadInputException(folder + ": is a checkpoint of a model of another shape");
            if (state.updates() > config.steps())
                throw new BadInputException(
                        folder + ": has done " + state.updates() + " steps, the config asks for " + config.steps());
            policy.load(state.weights());
            state.checkWeights(policy);
            state.adapters().ifPresent(adapters::load);
            optimizer.restore(state.first(), state.second(), state.updates());
            return Math.toIntExact(state.updates());
        }
    }

    private List<SftSequence> batch(int step) {
        List<SftSequence> batch = new ArrayList<>();
        for (int i = 0; i < config.batchSize(); i++) {
            long index = (long) (step - 1) * config.batchSize() + i;
            batch.add(SftSequence.of(traces.get(index, (step - 1.0) / config.steps()), tokenizer));
        }
        return batch;
    }

    private double step(int step, List<SftSequence> batch, int tokens) {
        double[] likelihoods = new double[config.threads()];
        List<List<GradientShares.Pass>> passes = new ArrayList<>();
        for (List<List<SftSequence>> own : deal(batch, config.threads(), config.microbatchTokens())) {
            int thread = passes.size();
            passes.add(own.stream()
                    .<GradientShares.Pass>map(pass -> gradient -> likelihoods[thread] +=
                            LikelihoodGradient.addTo(gradient, policy, config.keep(), pass, tokens))
                    .toList());
        }
        shares.add(passes);
        double likelihood = DoubleStream.of(likelihoods).reduce(0, Double::sum);
        try {
            optimizer.step(config.optimizer().rateAt(step, config.steps()));
        } catch (NotFiniteGradientException e) {
            throw e.at("step " + step);
        }
        return -likelihood / tokens;
    }

    /**
     * Passes for each thread: the batch is packed into at least two passes a thread, and each goes to the thread that has the
     * fewest tokens so far, the largest first.
     */
    static List<List<List<SftSequence>>> deal(List<SftSequence> batch, int threads, int microbatchTokens) {
        long all = batch.stream().mapToLong(SftSequence::tokens).sum();
        int budget = (int) Math.max(1, Math.min(microbatchTokens, all / (2L * threads) + 1));
        List<List<List<SftSequence>>> shares = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) shares.add(new ArrayList<>());
        long[] loads = new long[threads];
        for (List<SftSequence> pass : Packing.pack(batch, budget)) {
            int least = 0;
            for (int thread = 1; thread < threads; thread++) if (loads[thread] < loads[least]) least = thread;
            shares.get(least).add(pass);
            loads[least] += pass.stream().mapToLong(SftSequence::tokens).sum();
        }
        return shares;
    }

    @Override
    public void close() {
        shares.close();
        policy.close();
        tokenizer.close();
    }
}
