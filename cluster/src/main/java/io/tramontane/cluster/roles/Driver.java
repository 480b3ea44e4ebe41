package io.tramontane.cluster.roles;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.flight.Json;
import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.flight.Payload;
import io.tramontane.cluster.flight.Service;
import io.tramontane.cluster.flight.Sink;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.ledger.Ledger;
import io.tramontane.cluster.roles.Messages.NextKind;
import io.tramontane.cluster.run.Sample;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import io.tramontane.data.Group;
import io.tramontane.data.GroupArrow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The driver's side of every call: translates messages into questions to the ledger and decides when training is over.
 * Calls wait for at most a second each.
 */
public final class Driver implements Service {
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Messages.Done DONE = new Messages.Done();

    private final Config config;
    private final Progress progress;
    private final Ledger ledger;
    private final Roster roster;
    private final Map<String, Function<JsonNode, Object>> actions = new HashMap<>();

    /** Answers calls about one run. */
    public Driver(Config config, Progress progress) {
        this.config = config;
        this.progress = progress;
        this.ledger = progress.ledger();
        this.roster = progress.roster();
        on(Messages.HELLO, Messages.Hello.class, this::hello);
        on(Messages.LEND, Messages.Lend.class, this::lend);
        on(Messages.WATCH, Messages.Watch.class, this::watch);
        on(Messages.SWAPPED, Messages.Swapped.class, this::swapped);
        on(Messages.UNABLE, Messages.Unable.class, this::unable);
        on(Messages.SCORED, Messages.Scored.class, this::scored);
        on(Messages.WORKING, Messages.Working.class, this::working);
        on(Messages.STEPPED, Messages.Stepped.class, this::stepped);
        on(Messages.SAVED, Messages.Saved.class, this::saved);
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
            default -> throw new IllegalArgumentException("no stream " + name);
        };
    }

    @Override
    public Object accept(String name, Sink.Memory received) {
        if (!name.equals(Messages.DELIVER)) throw new IllegalArgumentException("no put " + name);
        Messages.Deliver head = received.head(Messages.Deliver.class);
        alive(head.holder());
        roster.pulse(head.holder(), head.pulse());
        for (Group group : GroupArrow.fromBytes(received.bytes())) ledger.deliver(head.holder(), group);
        return DONE;
    }

    /** A task that was replaced may still run somewhere: it must not act any more. */
    private void alive(Holder holder) {
        if (!roster.knows(holder)) throw new IllegalStateException(holder + " was replaced by a newer attempt");
    }

    private Object hello(Messages.Hello hello) {
        roster.hello(hello);
        ledger.register(hello.holder());
        return DONE;
    }

    private Object lend(Messages.Lend lend) {
        alive(lend.holder());
        roster.pulse(lend.holder(), lend.pulse());
        if (progress.over()) {
            progress.signal().await(WAIT, () -> Optional.of(true).filter(x -> progress.stopping()));
            return new Messages.Lent(List.of());
        }
        return new Messages.Lent(ledger.lease(lend.holder(), () -> roster.version(lend.holder()), lend.groups(), WAIT));
    }

    private Object watch(Messages.Watch watch) {
        alive(watch.holder());
        return progress.signal()
                .await(WAIT, () -> Optional.of(news(watch)).filter(news -> isNews(news, watch)))
                .orElseGet(() -> news(watch));
    }

    /** Generator 0 evaluates; the others only hear of weights. */
    private Messages.News news(Messages.Watch watch) {
        boolean generates = watch.holder().name().startsWith(Roster.GENERATOR);
        boolean evaluator = watch.holder().name().equals(Roster.GENERATOR + "-0");
        return new Messages.News(
                progress.newest(),
                evaluator ? progress.evaluations().outstanding() : List.of(),
                progress.over(),
                generates && !progress.over() && ledger.generatorsRest(),
                progress.stopping());
    }

    private static boolean isNews(Messages.News news, Messages.Watch watch) {
        boolean newer = news.newest() != null && news.newest().version() > watch.version();
        boolean ordered = news.evaluations().stream()
                .anyMatch(order -> !watch.evaluations().contains(order.number()));
        return newer || ordered || news.rest() != watch.resting() || news.stop();
    }

    private Object swapped(Messages.Swapped swapped) {
        alive(swapped.holder());
        roster.swapped(swapped.holder(), swapped.version());
        progress.swapped(swapped);
        return DONE;
    }

    private Object unable(Messages.Unable unable) {
        alive(unable.holder());
        progress.unable(unable);
        return DONE;
    }

    private Payload toScore(Messages.Score score) {
        alive(score.holder());
        roster.pulse(score.holder(), score.pulse());
        List<Group> groups = progress.stopping()
                ? List.of()
                : ledger.takeForScoring(score.holder(), score.kind(), score.groups(), WAIT);
        return Payload.of(
                new Messages.ToScore(groups.size(), progress.stopping()),
                groups.isEmpty() ? new byte[0] : GroupArrow.toBytes(groups));
    }

    private Object scored(Messages.Scored scored) {
        alive(scored.holder());
        ledger.rewards(scored.group(), scored.rewards());
        return DONE;
    }

    private Object working(Messages.Working working) {
        alive(working.holder());
        ledger.working(working.holder(), working.groups());
        return DONE;
    }

    private Payload next(Messages.Next next) {
        alive(next.holder());
        roster.pulse(next.holder(), next.pulse());
        if (progress.isOver(next.step())) return head(NextKind.OVER, new byte[0]);
        Optional<Batch> batch = ledger.takeBatch(next.step(), WAIT);
        batch.ifPresent(progress::training);
        return batch.map(b -> head(NextKind.BATCH, BatchArrow.toBytes(b)))
                .orElseGet(() -> head(NextKind.NOT_YET, new byte[0]));
    }

    private static Payload head(NextKind kind, byte[] bytes) {
        return Payload.of(new Messages.NextHead(kind), bytes);
    }

    private Object stepped(Messages.Stepped stepped) {
        alive(stepped.holder());
        roster.pulse(stepped.holder(), stepped.pulse());
        Offer offer = stepped.offer();
        if (stepped.report() != null) {
            progress.stepped(stepped.report());
            ledger.stepped(offer.version(), offer.digest());
        }
        ledger.published(offer.version());
        progress.published(offer);
        boolean first = offer.version() == 0;
        if (offer.version() % config.evaluation().everySteps() == 0)
            progress.evaluations()
                    .order(
                            offer,
                            first && config.evaluation().forced(),
                            first ? Optional.of(Sample.Phase.BEFORE) : Optional.empty());
        progress.signal().raise();
        return DONE;
    }

    private Object saved(Messages.Saved saved) {
        alive(saved.holder());
        progress.saved();
        return DONE;
    }
}
