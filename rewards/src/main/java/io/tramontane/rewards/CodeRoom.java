package io.tramontane.rewards;

import java.io.IOException;
import java.util.Optional;

/**
 * The code verifier where this machine can have one. It fails closed: without a sandbox that passed its probe there is
 * no verifier, and no program ever runs.
 *
 * @param verifier null when code cannot be judged
 * @param sandbox what it runs in; null when code cannot be judged
 * @param unavailable why code cannot be judged; empty when it can
 */
record CodeRoom(CodeVerifier verifier, Bubblewrap sandbox, String unavailable) implements AutoCloseable {

    static CodeRoom open(RewardConfig config) {
        Optional<String> missing = Programs.missing();
        if (missing.isPresent()) return new CodeRoom(null, null, missing.get());
        Bubblewrap sandbox;
        try {
            sandbox = Bubblewrap.open();
        } catch (IOException cannotOpen) {
            return new CodeRoom(null, null, cannotOpen.getMessage());
        }
        Optional<String> failure = SandboxProbe.failure(sandbox);
        if (failure.isPresent()) {
            sandbox.close();
            return new CodeRoom(null, null, failure.get());
        }
        return new CodeRoom(new CodeVerifier(config, sandbox), sandbox, "");
    }

    @Override
    public void close() {
        if (verifier == null) return;
        verifier.close();
        sandbox.close();
    }
}
