/**
 * The ledger: which group is where, from lease to training step. Pure Java, no Spark and no Flight. Comes in: leases,
 * groups, rewards, steps. Goes out: leases, groups to score, batches, and {@code ledger/events.jsonl}, from which {@link
 * io.tramontane.cluster.ledger.Audit} proves that every group was trained once, dropped with a reason, or in flight.
 *
 * <pre>
 *              lease              deliver               rewards              takeBatch
 *  (new) ───────────► LEASED ───────────► DELIVERED ───────────► READY ───────────► trained
 *                      │   ▲                  │
 *             giveBack │   │ lease            └──► dropped: zero signal | unscored | poisoned
 *                      ▼   │
 *                     RETURNED
 * </pre>
 *
 * Read {@link io.tramontane.cluster.ledger.LedgerState} first: it holds all rules; {@link
 * io.tramontane.cluster.ledger.Ledger} only puts one thread around it.
 */
package io.tramontane.cluster.ledger;
