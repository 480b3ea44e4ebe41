package io.tramontane.rewards;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;

/**
 * What executes and judges code, where this machine can. It fails closed: without a sandbox that passed its probe all
 * parts are null, and no program ever runs.
 *
 * @param sandbox what programs run in; null, as all the others, when code cannot be judged
 * @param programs makes them runnable
 * @param runner runs them on tests
 * @param functions runs them on test code
 * @param verifier judges them
 * @param unavailable why code cannot be judged; empty when it can
 */
record CodeEnvironment(
        Sandbox sandbox,
        Programs programs,
        TestRunner runner,
        FunctionRunner functions,
        CodeVerifier verifier,
        String unavailable)
        implements AutoCloseable {

    static CodeEnvironment open(RewardConfig config) {
        Optional<String> missing = Programs.missing();
        if (missing.isPresent()) return closed(missing.get());
        Bubblewrap sandbox;
        try {
            sandbox = Bubblewrap.open(EnumSet.allOf(Guard.class));
        } catch (IOException cannotOpen) {
            return closed(cannotOpen.getMessage());
        }
        Optional<String> failure = SandboxProbe.failure(sandbox);
        if (failure.isPresent()) {
            sandbox.close();
            return closed(failure.get());
        }
        return of(config, sandbox);
    }

    /** With a sandbox that passed its probe. */
    static CodeEnvironment of(RewardConfig config, Sandbox sandbox) {
        Programs programs = new Programs(sandbox, config.compileSeconds());
        TestRunner runner = new TestRunner(sandbox, config);
        FunctionRunner functions = new FunctionRunner(sandbox, runner);
        CodeVerifier verifier = new CodeVerifier(programs, runner, functions, config.partialCredit());
        return new CodeEnvironment(sandbox, programs, runner, functions, verifier, "");
    }

    /** Without code execution. */
    static CodeEnvironment closed(String why) {
        return new CodeEnvironment(null, null, null, null, null, why);
    }

    @Override
    public void close() {
        if (verifier == null) return;
        functions.close();
        programs.close();
        sandbox.close();
    }
}
