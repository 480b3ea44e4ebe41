/** What this machine makes of us: costs of the rooms, as one line each and as JSON. Start with {@link io.tramontane.app.bench.RewardsBench}. */
package io.tramontane.app.bench;
