package io.tramontane.app.serve;

import io.tramontane.rollout.CompletionRequest;
import io.tramontane.rollout.TokenListener;
import java.util.List;

/** A client's request as the engine has it. Two jobs are equal only if they are the same. */
final class Job {
    /** A prompt, of which the engine chooses id and listener. */
    interface Prompt {
        CompletionRequest request(long id, TokenListener listener);
    }

    private final List<Prompt> prompts;
    private final int samples;
    private final Answer answer;

    /**
     * Makes it.
     *
     * @param samples choices of each prompt
     * @param answer hears what comes
     */
    Job(List<Prompt> prompts, int samples, Answer answer) {
        this.prompts = prompts;
        this.samples = samples;
        this.answer = answer;
    }

    List<Prompt> prompts() {
        return prompts;
    }

    int samples() {
        return samples;
    }

    Answer answer() {
        return answer;
    }

    /** All completions. */
    int completions() {
        return prompts.size() * samples;
    }
}
