package io.tramontane.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.Completion;
import io.tramontane.data.Problem;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generator against transformers: the fixtures that tools/model-fixtures.py made for each architecture. */
class GeneratorReferenceTest {
    static final Path MODELS = Path.of("../model/src/test/resources/models");
    private static final int CHOSEN = 64;

    private static int[] integers(JsonNode list) {
        int[] integers = new int[list.size()];
        for (int i = 0; i < integers.length; i++) integers[i] = list.get(i).intValue();
        return integers;
    }

    private static float[] reals(JsonNode list) {
        float[] reals = new float[list.size()];
        for (int i = 0; i < reals.length; i++) reals[i] = list.get(i).floatValue();
        return reals;
    }

    /** No token ends a completion: the reference was told to choose on. */
    private static Generator generator(WeightSnapshot weights) {
        RolloutConfig config = new RolloutConfig(2, 5, 3, 48, CHOSEN, 1.0, 1.0);
        Stop never = new Stop(token -> false, request -> CHOSEN);
        return new Generator(weights, new Ids(weights.config().vocabulary(), -1), config, 1, never);
    }

    private static Map<Long, Completion> greedy(Generator generator, JsonNode prompts) {
        for (int i = 0; i < prompts.size(); i++)
            generator.submit(CompletionRequest.of(i, integers(prompts.get(i)))
                    .samples(2)
                    .greedy(true)
                    .build());
        List<CompletedRequest> groups = new ArrayList<>();
        while (generator.live() > 0) groups.addAll(generator.step());
        Map<Long, Completion> completions = new TreeMap<>();
        for (CompletedRequest group : groups) {
            assertArrayEquals(
                    group.completions().get(0).tokens(),
                    group.completions().get(1).tokens());
            completions.put(group.request().id(), group.completions().get(0));
        }
        return completions;
    }

    private static Problem problem(int index) {
        return Problem.math("fixture/" + index, "en", "-", "-", Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama2",
                "llama3",
                "mistral",
                "qwen2",
                "qwen3",
                "smollm2",
                "mixtral",
                "mistral3",
                "ministral",
                "ministral3",
                "pixtral",
                "yarn",
                "longrope"
            })
    void greedyTokensAndLogprobsAreThoseOfTransformers(String name) throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(MODELS.resolve(name).resolve("expected.json").toFile());
        WeightSnapshot weights = Checkpoint.read(MODELS.resolve(name), 0);
        try (Generator generator = generator(weights);
                Policy policy = new Policy(weights)) {
            Map<Long, Completion> completions = greedy(generator, expected.get("prompts"));
            assertEquals(3, completions.size());
            for (int i = 0; i < 3; i++) {
                int[] prompt = integers(expected.get("prompts").get(i));
                int[] chosen = integers(expected.get("greedy").get(i));
                Completion completion = completions.get((long) i);
                assertArrayEquals(chosen, completion.tokens());
                PackedSequences packed =
                        PackedSequences.of(List.of(new PackedSequences.PromptGroup(prompt, List.of(chosen))));
                assertArrayEquals(policy.logprobs(packed, 1), completion.behaviourLogprobs(), 2e-5f);
            }
            int[] sequence = integers(expected.get("sequence"));
            assertArrayEquals(reals(expected.get("logprobs")), generator.score(sequence, 1), 1e-4f);
        }
    }
}
