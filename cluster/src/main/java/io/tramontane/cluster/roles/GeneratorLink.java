package io.tramontane.cluster.roles;

import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.flight.PeerException;
import io.tramontane.cluster.flight.WeightPuller;
import io.tramontane.cluster.flight.WeightServer;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.ledger.Lease;
import io.tramontane.cluster.ledger.Signal;
import io.tramontane.data.ByteChunks;
import io.tramontane.data.Group;
import io.tramontane.data.GroupArrow;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.rollout.GroupRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A generator's connections. Its compute thread never waits for another process here, except for the first weights. */
final class GeneratorLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GeneratorLink.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int PULLS_PER_ORDER = 5;

    /** Weights that have arrived; {@code seconds} the pull took. */
    record Arrived(WeightSnapshot weights, Offer offer, double seconds) {}

    /** Weights that the generator was given at a time of {@link System#nanoTime}. */
    private record Swap(Arrived arrived, long start) {}

    /** An evaluation whose weights have arrived. */
    record Work(Messages.Order order, WeightSnapshot weights) {}

    /** A lease, and what was sampled of its group before, if anything. */
    private record Leased(Lease lease, Optional<Group> begun) {}

    private final DriverLink driver;
    private final WeightPuller puller;
    private final Prompts prompts;
    private final NavigableMap<Integer, Integer> groupSizes = new TreeMap<>(); // by the first step of a stage
    private final boolean synchronous;
    private final Signal signal = new Signal();
    private final Background background;
    private final ExecutorService sender;
    private final Queue<Work> evaluations = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Arrived> arrived = new AtomicReference<>();
    private final Activity activity = new Activity();
    private final Set<Long> held = ConcurrentHashMap.newKeySet(); // leased and not delivered
    private final Heartbeat heartbeat;
    private final Deque<Leased> leased = new ArrayDeque<>(); // guarded by this
    private Swap swap; // the compute thread's: not in use yet
    private int wanted; // guarded by this
    private int groupSize; // guarded by this: of the newest lease, which tells how many groups fill the room
    private volatile Messages.News news = new Messages.News(null, List.of(), false, false, false);
    private volatile boolean closing;
    private volatile IdleMeter idle;

    GeneratorLink(RunPlan plan, Holder me) {
        driver = new DriverLink(plan, me);
        puller = new WeightPuller(driver.allocator(), plan.secret(), plan.policy());
        prompts = plan.roles().prompts();
        plan.config()
                .stages()
                .forEach((step, stage) -> groupSizes.put(step, stage.rollout().groupSize()));
        groupSize = groupSizes.firstEntry().getValue();
        synchronous = plan.config().cluster().maxLag() == 0;
        background = new Background(me.name());
        sender = background.thread("sender");
        background.run(background.thread("watch"), this::watch);
        heartbeat = new Heartbeat(driver, activity, this::held);
    }

    Prompts prompts() {
        return prompts;
    }

    /** The compute thread's. */
    Tokenizer tokenizer() {
        return prompts.tokenizer();
    }

    /** Waits for the trainer's first weights. */
    WeightSnapshot firstWeights() {
        while (!stopped()) {
            Optional<Arrived> first = signal.await(POLL, () -> Optional.ofNullable(arrived.getAndSet(null)));
            if (first.isEmpty()) continue;
            swap = new Swap(first.get(), System.nanoTime());
            return swap.arrived.weights();
        }
        throw new IllegalStateException(driver.me() + ": stopped before there were weights");
    }

    /** The generator has the first weights: leasing may begin, and time counts. */
    void started(GroupGenerator generator) {
        idle = new IdleMeter(System::nanoTime);
        swap = new Swap(swap.arrived, System.nanoTime());
        swapIfNewer(generator);
        background.run(background.thread("lease"), this::lease);
    }

    /** The compute thread makes its next few tokens. */
    void decodes(int version) {
        activity.computes("decodes with version " + version);
    }

    boolean stopped() {
        background.check();
        return news.stop() || Thread.currentThread().isInterrupted();
    }

    boolean trainingOver() {
        return news.over();
    }

    /** True while more than a batch waits for the trainer: sequences stay half-finished in their slots. */
    boolean resting() {
        return news.rest();
    }

    /** Gives the newest weights to the generator, if newer ones have arrived; scores the canary once they are in use. */
    void swapIfNewer(GroupGenerator generator) {
        Arrived newest = arrived.getAndSet(null);
        if (newest != null) {
            swap = new Swap(newest, System.nanoTime());
            generator.swap(newest.weights());
        }
        if (swap == null || generator.version() != swap.arrived.weights().version()) return;
        swapped(generator, swap);
        swap = null;
    }

    private void swapped(GroupGenerator generator, Swap done) {
        Arrived next = done.arrived;
        double seconds = next.seconds() + (System.nanoTime() - done.start) / 1e9;
        Offer.Canary canary = next.offer().canary();
        double kl = canary.meanKl(generator.score(canary.tokens(), canary.from()));
        int version = next.weights().version();
        driver.at(version);
        send(() -> driver.ask(
                Messages.SWAPPED, new Messages.Swapped(driver.me(), version, kl, seconds), Messages.Done.class));
    }

    /** Gives leased groups to the generator and says how many more it has room for. */
    synchronized void submitLeased(GroupGenerator generator) {
        while (!leased.isEmpty()) generator.submit(training(leased.remove()));
        int slots = Math.max(0, generator.freeSlots());
        int groups = trainingOver() ? 0 : (slots + groupSize - 1) / groupSize;
        if (groups > wanted) signal.raise();
        wanted = groups;
    }

    private GroupRequest training(Leased leased) {
        Lease lease = leased.lease();
        groupSize = groupSizes.floorEntry(lease.step()).getValue();
        GroupRequest request = prompts.training(lease.group(), lease.step());
        return leased.begun().flatMap(request::goingOn).orElse(request);
    }

    private synchronized int groupsToLease() {
        return synchronous && !leased.isEmpty() ? 0 : wanted - leased.size();
    }

    private synchronized void add(List<Leased> leases) {
        leased.addAll(leases);
        leases.forEach(lease -> held.add(lease.lease().group()));
    }

    private void lease() {
        while (!closing && !news.stop()) {
            Optional<Integer> groups =
                    signal.await(POLL, () -> Optional.of(groupsToLease()).filter(count -> count > 0));
            if (groups.isEmpty()) continue;
            Messages.Leases answer = driver.ask(
                    Messages.LEASE,
                    new Messages.LeaseRequest(driver.me(), groups.get(), idle.pulse()),
                    Messages.Leases.class);
            add(answer.leases().stream()
                    .map(lease -> new Leased(lease, begun(lease, answer)))
                    .toList());
            signal.raise();
        }
    }

    private Optional<Group> begun(Lease lease, Messages.Leases answer) {
        if (!answer.begun().contains(lease.group())) return Optional.empty();
        ByteChunks bytes = driver.fetch(Messages.BEGUN, new Messages.Begun(driver.me(), lease.group()))
                .bytes();
        return bytes.size() == 0
                ? Optional.empty()
                : Optional.of(GroupArrow.fromBytes(bytes).get(0));
    }

    private void watch() {
        int version = -1;
        Set<Integer> known = new HashSet<>();
        while (!closing && !news.stop()) {
            news = driver.ask(
                    Messages.WATCH,
                    new Messages.Watch(driver.me(), version, news.rest(), List.copyOf(known)),
                    Messages.News.class);
            signal.raise();
            if (news.newest() != null && news.newest().version() > version && pull(news.newest()))
                version = news.newest().version();
            for (Messages.Order order : news.evaluations()) if (known.add(order.number())) accept(order);
        }
        signal.raise();
    }

    /** A trainer that dies while it serves is no failure of ours: the next one makes a new offer. */
    private boolean pull(Offer offer) {
        long start = System.nanoTime();
        try {
            WeightSnapshot weights = weights(offer);
            arrived.set(new Arrived(weights, offer, (System.nanoTime() - start) / 1e9));
            signal.raise();
            return true;
        } catch (PeerException e) {
            LOG.warn("weights of version {} cannot be fetched now", offer.version(), e);
            signal.await(POLL, Optional::empty);
            return false;
        }
    }

    private WeightSnapshot weights(Offer offer) {
        return WeightServer.shared(offer).orElseGet(() -> puller.pull(offer));
    }

    private void accept(Messages.Order order) {
        String why = "";
        for (int attempt = 0; attempt < PULLS_PER_ORDER && !closing; attempt++) {
            try {
                evaluations.add(new Work(order, weights(order.offer())));
                signal.raise();
                return;
            } catch (PeerException e) {
                why = e.getMessage();
                signal.await(POLL, Optional::empty);
            }
        }
        driver.ask(Messages.UNABLE, new Messages.Unable(driver.me(), order.number(), why), Messages.Done.class);
    }

    /** The next evaluation whose weights are here, if any. */
    Optional<Work> nextEvaluation() {
        return Optional.ofNullable(evaluations.poll());
    }

    /** Hands finished groups over; they are sent in the background. */
    void deliver(List<Group> groups) {
        if (groups.isEmpty()) return;
        send(() -> {
            try {
                driver.put(
                        Messages.DELIVER, new Messages.Deliver(driver.me(), idle.pulse()), GroupArrow.toBytes(groups));
            } finally { // a refusal ends this generator; its last heartbeats must not claim what it has given away
                groups.forEach(group -> held.remove(group.id()));
            }
        });
    }

    /** What heartbeats say is held: leased and not delivered. */
    List<Long> held() {
        return List.copyOf(held);
    }

    private void send(Runnable message) {
        background.run(sender, message);
    }

    /** Sleeps until something arrives; counted as idle. */
    void awaitWork() {
        boolean rested = news.rest();
        activity.waits(
                rested ? "rests: enough groups wait for the trainer" : "waits for groups",
                () -> idle.waiting(() ->
                        signal.await(POLL, () -> Optional.of(true).filter(x -> work() || rested && !news.rest()))));
    }

    private synchronized boolean work() {
        return !leased.isEmpty()
                || arrived.get() != null
                || !evaluations.isEmpty()
                || news.stop()
                || background.failed();
    }

    /** Before a clean end: hands over what was sampled of groups that are not finished. Without lag they are sampled again. */
    void spill(GroupGenerator generator) {
        if (synchronous) return;
        for (Group begun : generator.begun())
            if (begun.completionTokens() > 0)
                send(() -> driver.put(
                        Messages.SPILL, new Messages.Spill(driver.me()), GroupArrow.toBytes(List.of(begun))));
    }

    /** Before a clean end: what was handed over reaches the driver. */
    void deliverRest() {
        closing = true;
        background.finish(Duration.ofSeconds(5));
    }

    @Override
    public void close() {
        closing = true;
        heartbeat.close();
        activity.close();
        background.close();
        driver.close();
        prompts.close(); // the compute thread's, as this call
    }
}
