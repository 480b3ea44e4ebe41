package io.tramontane.cluster.roles;

import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.ledger.Lease;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.trainer.StepReport;
import java.util.List;

/** The control messages between roles and driver, as JSON. Each call's name stands beside its request. */
final class Messages {
    static final String HELLO = "hello";
    static final String LEASE = "lease";
    static final String WATCH = "watch";
    static final String SWAPPED = "swapped";
    static final String DELIVER = "deliver";
    static final String UNABLE = "unable";
    static final String SCORE = "score";
    static final String SCORED = "scored";
    static final String WORKING = "working";
    static final String NEXT = "next";
    static final String STEPPED = "stepped";
    static final String SAVED = "saved";
    static final String BEAT = "beat";
    static final String SPILL = "spill";
    static final String BEGUN = "begun";

    private Messages() {}

    /** What a message must have: a peer of another version, or one that is no peer of ours, may leave it out. */
    private static void required(String name, Object value) {
        if (value == null) throw new IllegalArgumentException(name + " is missing");
    }

    /** A list that is there, and without holes. */
    private static <T> List<T> whole(String name, List<T> list) {
        required(name, list);
        for (T each : list) required("one of " + name, each);
        return List.copyOf(list);
    }

    /** Time of one role's compute thread so far, in nanoseconds. */
    record Pulse(long idle, long wall) {}

    /** {@value #HELLO}: a task started. */
    record Hello(Holder holder, long pid, String host) {
        Hello {
            required("holder", holder);
        }
    }

    /** The answer where nothing is to be returned. */
    record Done() {}

    /** {@value #LEASE}: a generator has room for some groups. */
    record LeaseRequest(Holder holder, int groups, Pulse pulse) {
        LeaseRequest {
            required("holder", holder);
            required("pulse", pulse);
        }
    }

    /** The groups it gets; none if the queue is full. Of those in {@code begun} something was sampled before. */
    record Leases(List<Lease> leases, List<Long> begun) {}

    /** {@value #BEGUN}: a generator asks for what was sampled of a group that it was leased. */
    record Begun(Holder holder, long group) {
        Begun {
            required("holder", holder);
        }
    }

    /** {@value #SPILL}: head of a put of groups that are sampled in part: the generator ends. */
    record Spill(Holder holder) {
        Spill {
            required("holder", holder);
        }
    }

    /** {@value #WATCH}: what the task knows; answered as soon as there is something newer. */
    record Watch(Holder holder, int version, boolean resting, List<Integer> evaluations) {
        Watch {
            required("holder", holder);
            evaluations = whole("evaluations", evaluations);
        }
    }

    /**
     * What is new.
     *
     * @param newest the newest weights; null while there are none
     * @param evaluations orders for this generator that are not finished
     * @param over true when no group is trained any more
     * @param rest true while generators stop in the middle of their sequences: enough groups wait for the trainer
     * @param stop true when the task must end
     */
    record News(Offer newest, List<Order> evaluations, boolean over, boolean rest, boolean stop) {}

    /**
     * An order to evaluate.
     *
     * @param number of the order, from 0
     * @param offer the weights, exactly these
     * @param forced also with forced openings
     */
    record Order(int number, Offer offer, boolean forced) {}

    /** {@value #SWAPPED}: a generator samples with this version now; {@code seconds} to pull and swap it. */
    record Swapped(Holder holder, int version, double canaryKl, double seconds) {
        Swapped {
            required("holder", holder);
        }
    }

    /** {@value #DELIVER}: head of a put of finished groups. */
    record Deliver(Holder holder, Pulse pulse) {
        Deliver {
            required("holder", holder);
            required("pulse", pulse);
        }
    }

    /** {@value #UNABLE}: the weights of an order cannot be fetched any more. */
    record Unable(Holder holder, int number, String why) {
        Unable {
            required("holder", holder);
        }
    }

    /** {@value #SCORE}: a verifier has room for some groups of a kind. */
    record Score(Holder holder, Problem.Kind kind, int groups, Pulse pulse) {
        Score {
            required("holder", holder);
            required("kind", kind);
            required("pulse", pulse);
        }
    }

    /** Head of the groups it gets; {@code steps} are those that they were leased for, 0 for groups of evaluations. */
    record ToScore(List<Integer> steps, boolean stop) {}

    /** {@value #SCORED}: the rewards of a group. */
    record Scored(Holder holder, long group, List<RewardBreakdown> rewards) {
        Scored {
            required("holder", holder);
            rewards = whole("rewards", rewards);
        }
    }

    /** {@value #WORKING}: the verifier has made progress with these groups since it last said so. */
    record Working(Holder holder, List<Long> groups) {
        Working {
            required("holder", holder);
            groups = whole("groups", groups);
        }
    }

    /**
     * {@value #NEXT}: the trainer wants the batch of this step.
     *
     * @param reported whether {@value #STEPPED} of the step before was answered; training does not end before that
     */
    record Next(Holder holder, int step, Pulse pulse, boolean reported) {
        Next {
            required("holder", holder);
            required("pulse", pulse);
        }
    }

    /** What follows the head of a batch. */
    enum NextKind {
        BATCH,
        NOT_YET,
        OVER
    }

    /** Head of a batch. */
    record NextHead(NextKind kind) {}

    /**
     * {@value #STEPPED}: new weights; {@code report} is null for those that the trainer starts with, {@code numerics} where
     * nobody promises the same bits again.
     */
    record Stepped(Holder holder, StepReport report, Offer offer, Pulse pulse, String numerics) {
        Stepped {
            required("holder", holder);
            required("offer", offer);
            required("canary", offer.canary());
            required("pulse", pulse);
        }
    }

    /** {@value #SAVED}: the trainer has written the last checkpoint of the run. */
    record Saved(Holder holder, int step) {
        Saved {
            required("holder", holder);
        }
    }

    /**
     * What a task's compute thread does.
     *
     * @param text for a person
     * @param waits true while it waits for something that has a deadline of its own
     * @param moved grows as it gets on
     * @param cpuNanos CPU time of the thread; below 0 where it is not known
     */
    record Doing(String text, boolean waits, long moved, long cpuNanos) {}

    /** {@value #BEAT}: each task's heartbeat; {@code groups} are those that it holds and works at. */
    record Beat(Holder holder, Doing doing, List<Long> groups) {
        Beat {
            required("holder", holder);
            required("doing", doing);
            groups = whole("groups", groups);
        }
    }
}
