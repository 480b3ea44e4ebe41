package io.tramontane.cluster.roles;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.cluster.flight.Json;
import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.flight.Payload;
import io.tramontane.cluster.flight.Service;
import io.tramontane.cluster.flight.Sink;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.ledger.Lease;
import io.tramontane.cluster.ledger.Ledger;
import io.tramontane.cluster.ledger.MadeStep;
import io.tramontane.cluster.ledger.Topic;
import io.tramontane.cluster.roles.Messages.NextKind;
import io.tramontane.data.BadInputException;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import io.tramontane.data.ByteChunks;
import io.tramontane.data.Group;
import io.tramontane.data.GroupArrow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's side of every call: asks the ledger, keeps the run's state up to date, and ends training. A call waits for at
 * most a second.
 */
public final class Driver implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(Driver.class);
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Messages.Done DONE = new Messages.Done();

    private final RunState state;
    private final Ledger ledger;
    private final TaskRegistry tasks;
    private final Map<String, Function<JsonNode, Object>> actions = new HashMap<>();

    /** Answers calls about one run. */
    public Driver(RunState state) {
        this.state = state;
        this.ledger = state.ledger();
        this.tasks = state.tasks();
        on(Messages.HELLO, Messages.Hello.class, this::hello);
        on(Messages.LEASE, Messages.LeaseRequest.class, this::lease);
        on(Messages.WATCH, Messages.Watch.class, this::watch);
        on(Messages.SWAPPED, Messages.Swapped.class, this::swapped);
        on(Messages.UNABLE, Messages.Unable.class, this::unable);
        on(Messages.SCORED, Messages.Scored.class, this::scored);
        on(Messages.WORKING, Messages.Working.class, this::working);
        on(Messages.STEPPED, Messages.Stepped.class, this::stepped);
        on(Messages.SAVED, Messages.Saved.class, this::saved);
        on(Messages.BEAT, Messages.Beat.class, this::beat);
    }

    private <Q> void on(String name, Class<Q> type, Function<Q, Object> answer) {
        actions.put(name, request -> answer.apply(Json.convert(request, type)));
    }

    @Override
    public Object answer(String name, JsonNode request) {
        Function<JsonNode, Object> action = actions.get(name);
        if (action == null) throw new IllegalArgumentException("no action " + name);
        return action.apply(request);
    }

    @Override
    public Payload stream(String name, JsonNode request) {
        return switch (name) {
            case Messages.SCORE -> toScore(Json.convert(request, Messages.Score.class));
            case Messages.NEXT -> next(Json.convert(request, Messages.Next.class));
            case Messages.BEGUN -> begun(Json.convert(request, Messages.Begun.class));
            default -> throw new IllegalArgumentException("no stream " + name);
        };
    }

    @Override
    public Object accept(String name, Sink.Memory received) {
        return switch (name) {
            case Messages.DELIVER -> delivered(received.head(Messages.Deliver.class), received);
            case Messages.SPILL -> spilled(received.head(Messages.Spill.class), received);
            default -> throw new IllegalArgumentException("no put " + name);
        };
    }

    private Object delivered(Messages.Deliver head, Sink.Memory received) {
        checkCurrent(head.holder());
        tasks.pulse(head.holder(), head.pulse());
        for (Group group : GroupArrow.fromBytes(received.bytes()))
            if (ledger.deliver(head.holder(), group)) tasks.done(head.holder());
        return DONE;
    }

    private Object spilled(Messages.Spill head, Sink.Memory received) {
        checkCurrent(head.holder());
        for (Group group : GroupArrow.fromBytes(received.bytes()))
            state.spilling().handBack(ledger, head.holder(), group);
        return DONE;
    }

    /** What was sampled of a group before; no bytes where that cannot be used. */
    private Payload begun(Messages.Begun begun) {
        checkCurrent(begun.holder());
        return Payload.of(
                DONE,
                state.spilling()
                        .begun(begun.group())
                        .map(group -> GroupArrow.toBytes(List.of(group)))
                        .orElse(new byte[0]));
    }

    /** Refuses a task that was replaced: it may still run somewhere, but must not change anything. */
    private void checkCurrent(Holder holder) {
        if (!tasks.knows(holder)) throw new IllegalStateException(holder + " was replaced by a newer attempt");
    }

    private Object hello(Messages.Hello hello) {
        tasks.hello(hello);
        if (ledger.register(hello.holder())) tasks.relieved(hello.holder().name());
        LOG.info("{} is up: process {} on {}", hello.holder().name(), hello.pid(), hello.host());
        return DONE;
    }

    private Object lease(Messages.LeaseRequest request) {
        checkCurrent(request.holder());
        tasks.pulse(request.holder(), request.pulse());
        if (state.over()) {
            state.signal().await(Topic.NEWS, WAIT, () -> Optional.of(true).filter(x -> state.stopping()));
            return new Messages.Leases(List.of(), List.of());
        }
        List<Lease> leases =
                ledger.lease(request.holder(), () -> tasks.version(request.holder()), request.groups(), WAIT);
        return new Messages.Leases(
                leases,
                leases.stream().map(Lease::group).filter(state.spilling()::has).toList());
    }

    private Object watch(Messages.Watch watch) {
        checkCurrent(watch.holder());
        return state.signal()
                .await(Topic.NEWS, WAIT, () -> Optional.of(news(watch)).filter(news -> isNews(news, watch)))
                .orElseGet(() -> news(watch));
    }

    /** Generator 0 evaluates; the others only learn of new weights. */
    private Messages.News news(Messages.Watch watch) {
        boolean generates = watch.holder().name().startsWith(TaskRegistry.GENERATOR);
        boolean evaluator = watch.holder().name().equals(TaskRegistry.GENERATOR + "-0");
        return new Messages.News(
                state.newest(),
                evaluator ? state.evaluations().outstanding() : List.of(),
                state.over(),
                generates && !state.over() && ledger.generatorsRest(),
                state.stopping());
    }

    private static boolean isNews(Messages.News news, Messages.Watch watch) {
        boolean newer = news.newest() != null && news.newest().version() > watch.version();
        boolean ordered = news.evaluations().stream()
                .anyMatch(order -> !watch.evaluations().contains(order.number()));
        return newer || ordered || news.rest() != watch.resting() || news.stop();
    }

    private Object swapped(Messages.Swapped swapped) {
        checkCurrent(swapped.holder());
        tasks.swapped(swapped.holder(), swapped.version());
        state.swapped(swapped);
        return DONE;
    }

    private Object unable(Messages.Unable unable) {
        checkCurrent(unable.holder());
        state.unable(unable);
        return DONE;
    }

    private Payload toScore(Messages.Score score) {
        checkCurrent(score.holder());
        tasks.pulse(score.holder(), score.pulse());
        List<Group> groups = state.stopping()
                ? List.of()
                : ledger.takeForScoring(score.holder(), score.kind(), score.groups(), WAIT);
        return Payload.of(
                new Messages.ToScore(groups.isEmpty() ? List.of() : ledger.steps(groups), state.stopping()),
                groups.isEmpty() ? new byte[0] : GroupArrow.toBytes(groups));
    }

    private Object scored(Messages.Scored scored) {
        checkCurrent(scored.holder());
        ledger.rewards(scored.group(), scored.rewards());
        tasks.done(scored.holder());
        return DONE;
    }

    private Object working(Messages.Working working) {
        checkCurrent(working.holder());
        ledger.working(working.holder(), working.groups());
        return DONE;
    }

    private Payload next(Messages.Next next) {
        checkCurrent(next.holder());
        tasks.pulse(next.holder(), next.pulse());
        if (state.endsBefore(next.step())) {
            if (!next.reported()) return head(NextKind.NOT_YET, new ByteChunks());
            state.endTraining();
            return head(NextKind.OVER, new ByteChunks());
        }
        Optional<Batch> batch = takeBatch(next.step());
        batch.ifPresent(state::training);
        return batch.map(b -> head(NextKind.BATCH, BatchArrow.toBytes(b)))
                .orElseGet(() -> head(NextKind.NOT_YET, new ByteChunks()));
    }

    /** A recorded batch that is damaged ends the run: another trainer would get the same one. */
    private Optional<Batch> takeBatch(int step) {
        try {
            return ledger.takeBatch(step, WAIT);
        } catch (BadInputException e) {
            state.fail(e);
            throw e;
        }
    }

    private static Payload head(NextKind kind, ByteChunks bytes) {
        return Payload.of(new Messages.NextHead(kind), bytes);
    }

    private Object stepped(Messages.Stepped stepped) {
        checkCurrent(stepped.holder());
        tasks.pulse(stepped.holder(), stepped.pulse());
        Offer offer = stepped.offer();
        if (stepped.report() != null) {
            record(offer.version(), new MadeStep(offer.digest(), stepped.numerics()));
            state.stepped(stepped.report());
        }
        ledger.published(offer.version());
        state.published(offer);
        return DONE;
    }

    /** Making a step again with another result ends the run: to start again would not help. */
    private void record(int step, MadeStep made) {
        try {
            ledger.stepped(step, made);
        } catch (BadInputException e) {
            state.fail(e);
            throw e;
        }
    }

    private Object beat(Messages.Beat beat) {
        checkCurrent(beat.holder());
        state.hangs().beat(beat);
        if (!beat.groups().isEmpty()) ledger.holds(beat.holder(), beat.groups());
        return DONE;
    }

    private Object saved(Messages.Saved saved) {
        checkCurrent(saved.holder());
        state.saved();
        return DONE;
    }
}
