package io.tramontane.app;

import io.tramontane.cluster.roles.GroupVerifier;
import io.tramontane.cluster.roles.Prompts;
import io.tramontane.cluster.roles.RoleFactory;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.trainer.BatchTrainer;
import java.nio.file.Path;

/** Other roles as they are; a test overrides what it watches or changes. */
abstract class ForwardingRoles implements RoleFactory {
    private static final long serialVersionUID = 1;

    final RoleFactory roles;

    ForwardingRoles(RoleFactory roles) {
        this.roles = roles;
    }

    /** The same change of other roles. */
    abstract RoleFactory of(RoleFactory others);

    @Override
    public ComputeDevice device() {
        return roles.device();
    }

    @Override
    public RoleFactory on(ComputeDevice device) {
        return of(roles.on(device));
    }

    @Override
    public Prompts prompts() {
        return roles.prompts();
    }

    @Override
    public GroupGenerator generator(WeightSnapshot weights, Tokenizer tokenizer) {
        return roles.generator(weights, tokenizer);
    }

    @Override
    public GroupGenerator evaluator(WeightSnapshot weights, Tokenizer tokenizer) {
        return roles.evaluator(weights, tokenizer);
    }

    @Override
    public GroupVerifier verifier() {
        return roles.verifier();
    }

    @Override
    public BatchTrainer trainer(String checkpoint, Collectives ranks) {
        return roles.trainer(checkpoint, ranks);
    }

    @Override
    public Path tokenizerJson() {
        return roles.tokenizerJson();
    }
}
