package io.tramontane.cluster.roles;

import io.tramontane.model.ComputeDevice;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.trainer.BatchTrainer;
import java.nio.file.Path;

/** Generators of a test and the prompts of {@link InProcessRun}; roles that compute something else are not asked for. */
record ScriptedRoles(ScriptedGenerator generator, ScriptedGenerator evaluator, ComputeDevice device)
        implements RoleFactory {
    ScriptedRoles() {
        this(ComputeDevice.CPU);
    }

    ScriptedRoles(ComputeDevice device) {
        this(new ScriptedGenerator(), new ScriptedGenerator(), device);
    }

    @Override
    public RoleFactory on(ComputeDevice device) {
        throw new UnsupportedOperationException("the test starts no tasks");
    }

    @Override
    public Prompts prompts() {
        return InProcessRun.prompts();
    }

    @Override
    public GroupGenerator generator(WeightSnapshot weights, Tokenizer tokenizer) {
        return generator.with(weights);
    }

    @Override
    public GroupGenerator evaluator(WeightSnapshot weights, Tokenizer tokenizer) {
        return evaluator.with(weights);
    }

    @Override
    public GroupVerifier verifier() {
        throw new UnsupportedOperationException("the test brings its own");
    }

    @Override
    public BatchTrainer trainer(String checkpoint, Collectives ranks) {
        throw new UnsupportedOperationException("the test brings its own");
    }

    @Override
    public Path tokenizerJson() {
        return Path.of("tokenizer.json");
    }
}
