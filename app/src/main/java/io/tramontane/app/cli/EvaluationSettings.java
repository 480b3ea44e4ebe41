package io.tramontane.app.cli;

import io.tramontane.data.BadInputException;
import io.tramontane.data.Problem;
import io.tramontane.data.Sha256;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.PolicyConfig;
import io.tramontane.rollout.GroupRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All that the samples of an evaluation depend on: two evaluations with equal settings draw the same samples.
 *
 * @param plan how completions are drawn
 * @param chat name of the template
 * @param seed of the random numbers
 * @param weights digest of the weights' files
 * @param problems digest of the problems
 * @param inputs digest of what the model is given: token ids of the prompts, ends, its config, and how it computes
 */
record EvaluationSettings(SamplingPlan plan, String chat, long seed, String weights, String problems, String inputs) {

    /** Of the model that the options name, and of these problems. */
    static EvaluationSettings of(SamplingPlan plan, SamplingOptions sampling, List<Problem> problems) {
        return new EvaluationSettings(
                plan,
                sampling.chat(),
                sampling.seed(),
                digest(sampling.folder()),
                digest(problems),
                inputs(plan, sampling.ends(), Checkpoint.config(sampling.folder())));
    }

    /** The prompts' ids know the template, its date and the tokenizer. */
    private static String inputs(SamplingPlan plan, List<Integer> ends, PolicyConfig model) {
        MessageDigest digest = Sha256.digest();
        for (GroupRequest request : plan.requests())
            digest.update((Arrays.toString(request.promptTokens()) + "\n").getBytes(StandardCharsets.UTF_8));
        String rest = ends + "\n" + model + "\n" + plan.config().numerics() + " "
                + plan.config().dtype();
        return HexFormat.of().formatHex(digest.digest(rest.getBytes(StandardCharsets.UTF_8)), 0, 8);
    }

    /** As in the JSON form; digests are the first 16 hexadecimal digits of a SHA-256. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("samples", plan.samples());
        values.put("temperature", plan.config().temperature());
        values.put("topP", plan.config().topP());
        values.put("maxTokens", plan.config().maxTokens());
        values.put("chat", chat);
        values.put("seed", seed);
        values.put("weights", weights);
        values.put("problems", problems);
        values.put("inputs", inputs);
        return values;
    }

    /** One line that names them all. */
    String identity() {
        return values().entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String digest(List<Problem> problems) {
        MessageDigest digest = Sha256.digest();
        for (Problem problem : problems)
            digest.update((problem.id() + "\n" + problem.statement() + "\n").getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    /** Of the files that hold a model's weights. */
    static String digest(Path model) {
        MessageDigest digest = Sha256.digest();
        try {
            for (Path file : Checkpoint.weightFiles(model)) {
                try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            }
        } catch (IOException e) {
            throw new BadInputException(model + ": cannot be read (" + e.getMessage() + ")");
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }
}
