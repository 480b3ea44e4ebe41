package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.model.RopeScaling.Yarn;
import io.tramontane.model.Variant.QueryScaling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MistralParamsTest {
    private static final String PLAIN = "'dim': 64, 'n_layers': 4, 'head_dim': 8, 'hidden_dim': 96, 'n_heads': 4, "
            + "'n_kv_heads': 2, 'norm_eps': 1e-5, 'vocab_size': 100";
    private static final String YARN =
            ", 'yarn': {'original_max_position_embeddings': 16384, 'factor': 16, 'apply_scale': false, 'beta': 32, "
                    + "'alpha': 1}, 'llama_4_scaling': {'original_max_position_embeddings': 16384, 'beta': 0.1}";

    @TempDir
    Path folder;

    private PolicyConfig read(String fields) throws IOException {
        Files.writeString(folder.resolve("params.json"), ("{" + fields + "}").replace('\'', '"'));
        return Checkpoint.config(folder);
    }

    @Test
    void whatIsAbsentIsWhatVllmTakes() throws IOException {
        PolicyConfig config = read(PLAIN);
        assertEquals(
                new PolicyConfig(
                        4, 64, 4, 2, 8, 96, 100, 128000, 10000, 1e-5, false, 2, Variant.of(Architecture.MISTRAL)),
                config);
        PolicyConfig bare = read(PLAIN.replace("'head_dim': 8, ", "").replace("'n_kv_heads': 2, ", ""));
        assertEquals(16, bare.headSize());
        assertEquals(4, bare.keyValueHeads());
        assertEquals(32768, read(PLAIN + ", 'max_seq_len': 32768").positions());
        assertEquals(
                500,
                read(PLAIN + ", 'max_seq_len': 32768, 'max_position_embeddings': 500")
                        .positions());
    }

    @Test
    void ministral3HasYarnAndGrowingQueries() throws IOException {
        Variant variant = read(PLAIN + YARN).variant();
        assertEquals(Architecture.MINISTRAL3, variant.architecture());
        assertEquals(new Yarn(16, 32, 1, 16384, 1, true), variant.rope());
        assertEquals(new QueryScaling(0.1, 16384), variant.queries());
        Variant scaled =
                read(PLAIN + YARN.replace("'apply_scale': false, ", "")).variant();
        assertEquals(1 + 0.1 * Math.log(16), scaled.rope().attentionFactor(), 1e-12);
    }

    @Test
    void aWindowIsForAllLayersOrComesInAPeriod() throws IOException {
        assertEquals(9, read(PLAIN + ", 'sliding_window': 9").variant().window(3));
        assertEquals(
                Architecture.MISTRAL,
                read(PLAIN + ", 'sliding_window': '9'").variant().architecture());
        Variant mixed = read(PLAIN + ", 'sliding_window': [null, 9]").variant();
        assertEquals(Architecture.MINISTRAL, mixed.architecture());
        assertEquals(List.of(0, 2), mixed.fullLayers());
        assertEquals(0, mixed.window(2));
        assertEquals(9, mixed.window(3));
        assertEquals(mixed, read(PLAIN + ", '_sliding_window': [null, 9]").variant());
        assertEquals(0, read(PLAIN + ", 'sliding_window': [null]").variant().window());
        assertEquals(
                Architecture.MISTRAL,
                read(PLAIN + ", 'sliding_window': [9]").variant().architecture());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'dim': 64 | n_heads is missing",
                "PLAIN, 'n_kv_heads': 'two' | n_kv_heads \"two\" is not an integer",
                "PLAIN, 'n_kv_heads': 3 | heads 4 must be a multiple of keyValueHeads 3",
                "PLAIN, 'n_heads': 0 | n_heads 0, allowed >= 1",
                "PLAIN, 'hidden_dim': 1e3 | hidden_dim 1000.0 is not an integer",
                "PLAIN, 'norm_eps': null | norm_eps is missing",
                "PLAIN, 'vocab_size': 99999999999 | vocab_size 99999999999 is not an integer",
                "PLAIN, 'sliding_window': [null, 9, 9] | sliding_window [null,9,9] is no period of 4 layers",
                "PLAIN, 'sliding_window': [null, 0] | sliding_window [null,0] is not a list of numbers >= 1 and nulls",
                "PLAIN, 'sliding_window': [5, 9] | sliding_window [5,9] has two sizes, allowed one",
                "PLAIN, 'sliding_window': -1 | sliding_window -1, allowed >= 0",
                "PLAIN, 'yarn': {'factor': 16} | yarn.original_max_position_embeddings is missing",
                "PLAIN, 'yarn': {'original_max_position_embeddings': 9} | rope_scaling.factor 0.0, allowed 1 to 1000000",
                "PLAIN, 'llama_4_scaling': {'original_max_position_embeddings': 9, 'beta': 0.1} | yarn is missing, and llama_4_scaling is there",
                "PLAIN, 'yarn': {'original_max_position_embeddings': 8, 'factor': 2}, 'llama_4_scaling': {'original_max_position_embeddings': 9, 'beta': 0.1} | llama_4_scaling.original_max_position_embeddings 9, expected that of yarn, 8",
                "PLAIN, 'moe': {'num_experts': 4, 'num_experts_per_tok': 5} | num_experts_per_tok 5 of 4 experts",
                "PLAIN, 'moe': {'num_experts': 4, 'num_experts_per_tok': 1, 'num_shared_experts': 1} | moe.num_shared_experts 1 is not supported, allowed 0",
                "PLAIN, 'kv_lora_rank': 512 | kv_lora_rank is not supported: latent attention (Mistral Large 3, Small 4), allowed none",
                "PLAIN, 'model_type': 'mamba' | model_type \"mamba\" is not supported: a Mamba2 has no attention, allowed transformer",
                "PLAIN, 'multimodal': {'whisper_model_args': {}} | multimodal.whisper_model_args is not supported: a Voxtral hears, allowed text models",
                "PLAIN, 'quantization': {'qformat_weight': 'nvfp4'} | quantization.qformat_weight \"nvfp4\" is not supported, allowed fp8_e4m3",
                "PLAIN, 'quantization': {'quant_method': 'awq'} | quantization.quant_method \"awq\" is not supported, allowed fp8, and compressed-tensors with floats of 8 bits",
            },
            quoteCharacter = '`')
    void whatIsWrongIsNamed(String fields, String message) {
        String replaced = fields;
        if (fields.startsWith("PLAIN, ")) {
            String own = fields.substring(7);
            String key = own.substring(0, own.indexOf(':'));
            String rest = PLAIN.replaceAll(key + ": [^,]+(, )?", "");
            replaced = rest + (rest.endsWith(", ") ? "" : ", ") + own;
        }
        String json = replaced;
        BadInputException e = assertThrows(BadInputException.class, () -> read(json));
        assertEquals(folder.resolve("params.json") + ": " + message, e.getMessage());
    }

    @Test
    void aDamagedFileIsOneLine() throws IOException {
        byte[] whole = ("{" + PLAIN + YARN + ", 'sliding_window': [null, 9], 'moe': null}")
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8);
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = whole.clone();
            for (int n = random.nextInt(3); n >= 0; n--)
                damaged[random.nextInt(damaged.length)] = (byte) (32 + random.nextInt(95));
            Files.write(folder.resolve("params.json"), damaged);
            try {
                Checkpoint.config(folder);
            } catch (BadInputException e) {
                refused++;
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
                assertTrue(
                        e.getMessage().startsWith(folder.resolve("params.json").toString()), e.getMessage());
            }
        }
        assertTrue(refused > 1000, refused + " refused");
    }
}
