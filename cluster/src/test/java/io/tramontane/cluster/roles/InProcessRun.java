package io.tramontane.cluster.roles;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.EvaluationConfig;
import io.tramontane.cluster.config.ReportConfig;
import io.tramontane.cluster.flight.FlightHost;
import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.flight.Payload;
import io.tramontane.cluster.flight.Secret;
import io.tramontane.cluster.flight.Sink;
import io.tramontane.cluster.flight.WeightServer;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import io.tramontane.data.ByteChunks;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.GroupArrow;
import io.tramontane.data.JsonReading;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.data.source.DataConfig;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.rewards.RewardConfig;
import io.tramontane.rollout.RolloutConfig;
import io.tramontane.trainer.OptimizerConfig;
import io.tramontane.trainer.StepReport;
import io.tramontane.trainer.TrainerConfig;
import io.tramontane.trainer.loss.LossConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * A run in this process without Spark: its state with a real ledger, the driver behind a Flight host, a weight server, and
 * what the listener heard. Two groups of two make a batch; problem i asks for i + 1, two are held out.
 */
final class InProcessRun implements RunListener, AutoCloseable {
    static final Holder GENERATOR = new Holder("generator-0", 1);
    static final Holder VERIFIER = new Holder("verifier-0", 2);
    static final Holder TRAINER = new Holder("trainer-0", 3);

    /** Of weights that nobody computes with. */
    static final PolicyConfig SHAPE = new PolicyConfig(1, 16, 2, 1, 8, 16, 40, 64, 10_000, 1e-6, true, 0);

    final List<Map<String, Object>> train = new CopyOnWriteArrayList<>();
    final List<Map<String, Object>> eval = new CopyOnWriteArrayList<>();
    final List<String> messages = new CopyOnWriteArrayList<>();

    /** The driver's answer to a step waits for its row. */
    volatile Runnable beforeRow = () -> {};

    final Config config;
    final RunFolder folder;
    final RunState state;
    final Driver driver;
    final WeightServer weights;
    private final BufferAllocator allocator = new RootAllocator();
    private final Secret secret = Secret.create();
    private final FlightHost host;

    InProcessRun(Path root, Config config) throws IOException {
        this.config = config;
        folder = new RunFolder(root);
        folder.makeParts();
        state = new RunState(config, folder, new RunState.Past(History.read(folder.events()), 0), prompts(), this);
        driver = new Driver(state);
        host = new FlightHost(allocator, "127.0.0.1", secret, driver);
        weights = new WeightServer(allocator, "127.0.0.1", secret, version -> version == 0);
    }

    /** So many steps, evaluated every second one with both held-out problems. */
    static Config config(int steps, int maxLag) {
        GymConfig gym = GymConfig.defaults();
        return new Config(
                1,
                "builtin:tiny",
                new DataConfig("gym", "gym", "tiny", gym),
                new RolloutConfig(2, 4, 4, 112, 64, 1.0, 1.0),
                new RewardConfig(64, 16, gym.languages(), 5, 4, 300, 10),
                new TrainerConfig(4, 4, 1600, steps, 0, 2, LossConfig.defaults(), OptimizerConfig.defaults()),
                new EvaluationConfig(2, 2, true),
                new ClusterConfig(1, 1, 1, 1, maxLag, 60, 60, 1e-3),
                ReportConfig.defaults());
    }

    static Prompts prompts() {
        return new Prompts(
                new TreeMap<>(Map.of(1, new Prompts.Training(new Numbers(1_000_000), 2, 64))),
                new Numbers(2),
                ChatTemplates.named("tiny"),
                HuggingFaceTokenizer.tiny(),
                112);
    }

    /** Problem i asks for i + 1 and has an opening where it is held out. */
    private record Numbers(long count) implements ProblemSource {
        @Override
        public Problem get(long index) {
            long answer = index % count + 1;
            Map<String, Object> extra = count == 2 ? Map.of("opening", "<think>First") : Map.of();
            return Problem.math("p" + index, "en", index + "+1=?", "" + answer, extra);
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.of(count);
        }
    }

    RunPlan plan(RoleFactory roles) {
        return new RunPlan(
                config,
                SHAPE,
                roles,
                host.address(),
                secret,
                "127.0.0.1",
                folder.root().local().toString());
    }

    /** Weights of a version can be had; the canary's two tokens have log-probability -1. */
    Offer offer(int version) {
        return offer(weights, new WeightSnapshot(SHAPE, version));
    }

    static Offer offer(WeightServer server, WeightSnapshot weights) {
        Offer.Canary canary = new Offer.Canary(new int[] {5, 6, 7}, 1, new float[] {-1, -1});
        return new Offer(weights.version(), weights.digest(), List.of(server.offer(weights)), canary);
    }

    /** What a trainer says of new weights: the ones that training starts with, or those after a step. */
    Messages.Stepped stepped(int version) {
        StepReport report = new StepReport(version, 0.1, 0.5, 0, 0, 1, 2e-4, 0, 0, 1e-9, 10, 16);
        return new Messages.Stepped(
                TRAINER, version == 0 ? null : report, offer(version), new Messages.Pulse(0, 1), "tiny");
    }

    /** Calls the driver as a Flight peer would, with JSON in between. */
    Object ask(String name, Object request) {
        return driver.answer(name, tree(request));
    }

    static JsonNode tree(Object request) {
        return JsonReading.mapper().valueToTree(request);
    }

    /** A task of a name is up. */
    void hello(Holder... holders) {
        for (Holder holder : holders) ask(Messages.HELLO, new Messages.Hello(holder, 7, "127.0.0.1"));
    }

    /** Two completions of four tokens that this version sampled. */
    static Group sampled(long id, int version) {
        int[] versions = {version, version, version, version};
        Completion completion = new Completion(
                new int[] {9, 8, 7, 6}, new float[] {-1, -1, -1, -1}, versions, true, "<think>x</think>\\boxed{1}");
        Problem problem = Problem.math("p" + id, "en", id + "+1=?", "1", Map.of());
        return new Group(id, problem, new int[] {1, 2}, List.of(completion, completion));
    }

    /** Hands groups over as the generator does. */
    void deliver(Holder generator, Group... groups) {
        byte[] bytes = GroupArrow.toBytes(List.of(groups));
        Sink.Memory received = new Sink.Memory();
        received.open(tree(new Messages.Deliver(generator, new Messages.Pulse(0, 1))), bytes.length);
        received.write(0, ByteBuffer.wrap(bytes));
        driver.accept(Messages.DELIVER, received);
    }

    static RewardBreakdown reward(boolean correct) {
        return new RewardBreakdown(
                0.1, correct ? 0.9 : 0, 0, 0, correct ? Verdict.CORRECT : Verdict.WRONG, "", "1", List.of("en"), 1);
    }

    /** One right and one wrong answer for a group that waits for a verifier: it can be trained on. */
    void score(long group) {
        ask(Messages.SCORED, new Messages.Scored(VERIFIER, group, List.of(reward(true), reward(false))));
    }

    /** Everything up to a full batch: groups 0 and 1 are leased, delivered and scored. */
    void fillFirstBatch() {
        fillBatches(1);
    }

    /** So many batches of two groups that version 0 has sampled. */
    void fillBatches(int count) {
        hello(GENERATOR, VERIFIER, TRAINER);
        ask(Messages.STEPPED, stepped(0));
        ask(Messages.SWAPPED, new Messages.Swapped(GENERATOR, 0, 1e-9, 0.5));
        ask(Messages.LEASE, new Messages.LeaseRequest(GENERATOR, 2 * count, new Messages.Pulse(0, 1)));
        for (long id = 0; id < 2 * count; id++) {
            deliver(GENERATOR, sampled(id, 0));
            score(id);
        }
    }

    /** The trainer's question for a step. */
    Messages.Next next(int step) {
        return new Messages.Next(TRAINER, step, new Messages.Pulse(0, 1), true);
    }

    /** What the driver streams. */
    Fetched fetch(String name, Object request) {
        Payload payload = driver.stream(name, tree(request));
        byte[] bytes = new byte[(int) payload.bytes()];
        ByteBuffer into = ByteBuffer.wrap(bytes);
        payload.read(0, into);
        return new Fetched(payload.head(), bytes);
    }

    record Fetched(Object head, byte[] bytes) {
        Batch batch() {
            return BatchArrow.fromBytes(ByteChunks.of(bytes));
        }

        List<Group> groups() {
            return GroupArrow.fromBytes(bytes);
        }
    }

    /** Waits until something holds that a change of the run brings about. */
    boolean await(BooleanSupplier condition) {
        return state.signal()
                .await(Duration.ofSeconds(60), () -> Optional.of(true).filter(x -> condition.getAsBoolean()))
                .isPresent();
    }

    @Override
    public void train(Map<String, Object> row) {
        beforeRow.run();
        train.add(row);
    }

    @Override
    public void eval(Map<String, Object> row) {
        eval.add(row);
    }

    @Override
    public void message(String line) {
        messages.add(line);
    }

    @Override
    public void close() {
        state.stop();
        host.close();
        weights.close();
        state.close();
        allocator.close();
    }
}
