package io.tramontane.cluster.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** One line of {@code ledger/events.jsonl}. {@code at} is milliseconds since 1970. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LedgerEvent.Opened.class, name = "opened"),
    @JsonSubTypes.Type(value = LedgerEvent.Formed.class, name = "waves"),
    @JsonSubTypes.Type(value = LedgerEvent.Leased.class, name = "lease"),
    @JsonSubTypes.Type(value = LedgerEvent.GivenBack.class, name = "giveBack"),
    @JsonSubTypes.Type(value = LedgerEvent.Delivered.class, name = "delivered"),
    @JsonSubTypes.Type(value = LedgerEvent.Dropped.class, name = "dropped"),
    @JsonSubTypes.Type(value = LedgerEvent.Batched.class, name = "batch"),
    @JsonSubTypes.Type(value = LedgerEvent.Stepped.class, name = "step"),
    @JsonSubTypes.Type(value = LedgerEvent.Published.class, name = "published"),
    @JsonSubTypes.Type(value = LedgerEvent.Stopped.class, name = "stopped")
})
sealed interface LedgerEvent {
    /** True for events that files and checkpoints refer to, and for starts and stops of a driver: they survive the machine. */
    default boolean mustSurvive() {
        return this instanceof Batched || this instanceof Stepped || this instanceof Opened || this instanceof Stopped;
    }

    private static <T> T required(String name, T value) {
        if (value == null) throw new IllegalArgumentException(name + " is missing");
        return value;
    }

    /** A list that is there, and without holes. */
    private static <T> List<T> whole(String name, List<T> list) {
        for (T each : required(name, list)) required("one of " + name, each);
        return list;
    }

    /** A driver starts with the policy at this version; {@code unfinished} groups of earlier drivers will be leased again. */
    record Opened(long at, int version, List<Long> unfinished) implements LedgerEvent {
        public Opened {
            whole("unfinished", unfinished);
        }
    }

    /** Without lag: the groups of the next step, in the sets that are sampled together, see {@link Waves}. */
    record Formed(long at, List<List<Long>> waves) implements LedgerEvent {
        public Formed {
            for (List<Long> wave : whole("waves", waves)) whole("groups", wave);
        }
    }

    /** A generator may sample this group; no token will be older than {@code version}. */
    record Leased(long at, long group, String holder, int version) implements LedgerEvent {
        public Leased {
            required("holder", holder);
        }
    }

    /** The holder lost the group, which will be leased again. */
    record GivenBack(long at, long group, String reason) implements LedgerEvent {
        public GivenBack {
            required("reason", reason);
        }
    }

    /** All completions of the group are at the driver. */
    record Delivered(long at, long group, int completions, int tokens) implements LedgerEvent {}

    /** The group will never be trained. */
    record Dropped(long at, long group, String reason) implements LedgerEvent {
        public Dropped {
            required("reason", reason);
        }
    }

    /** The batch of this step is recorded; {@code digest} is the SHA-256 of its file. */
    record Batched(long at, int step, List<Long> groups, String digest) implements LedgerEvent {
        public Batched {
            whole("groups", groups);
            required("digest", digest);
        }
    }

    /**
     * The step was made; {@code digest} is the SHA-256 of theta after it. {@code numerics} names all that the bits of a step
     * depend on beside weights and batch; null where they are not promised to be the same the next time.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Stepped(long at, int step, String digest, String numerics) implements LedgerEvent {
        public Stepped {
            required("digest", digest);
        }
    }

    /** Generators may have the weights of this version. */
    record Published(long at, int version) implements LedgerEvent {}

    /** A clean end; {@code inFlight} groups were neither trained nor dropped. */
    record Stopped(long at, List<Long> inFlight) implements LedgerEvent {
        public Stopped {
            whole("inFlight", inFlight);
        }
    }
}
