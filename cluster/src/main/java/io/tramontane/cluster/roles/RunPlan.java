package io.tramontane.cluster.roles;

import io.tramontane.cluster.config.Clocks;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.flight.Address;
import io.tramontane.cluster.flight.Secret;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.ranks.Ranks;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/**
 * What every task of a run needs to know.
 *
 * @param config the whole tree
 * @param policy shape of the policy
 * @param roles builds what each role computes with
 * @param driver where the driver listens
 * @param secret what every Flight call carries
 * @param host the address that the task binds
 * @param runFolder the driver's run folder, where the trainer saves checkpoints
 */
public record RunPlan(
        Config config,
        PolicyConfig policy,
        RoleFactory roles,
        Address driver,
        Secret secret,
        String host,
        String runFolder)
        implements Serializable {
    /** The same plan for a task on another host. */
    public RunPlan on(String taskHost) {
        return new RunPlan(config, policy, roles, driver, secret, taskHost, runFolder);
    }

    /** The same plan for a task that computes on this device. */
    public RunPlan on(ComputeDevice other) {
        return new RunPlan(config, policy, roles.on(other), driver, secret, host, runFolder);
    }

    /** One of the trainer ranks. */
    Ranks ranks(int rank) {
        return new Ranks(
                rank,
                config.cluster().trainers(),
                host,
                secret.value().getBytes(StandardCharsets.UTF_8),
                Clocks.of(config.cluster()).rank(),
                Ranks.room(policy.parameters()),
                roles.device().gpuIndex());
    }

    /** True for versions that are evaluated while the run goes on. */
    boolean evaluates(int version) {
        return config.evaluation().problems() > 0
                && config.evaluation().interval().includes(version);
    }
}
