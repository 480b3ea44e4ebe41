package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigJsonTest {
    @TempDir
    Path folder;

    private PolicyConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json.replace('\'', '"'));
        return Checkpoint.config(folder);
    }

    private static String json(String architecture, String more) {
        return "{'architectures': ['" + architecture + "'], 'hidden_size': 128, 'num_attention_heads': 64, "
                + "'num_hidden_layers': 3, 'intermediate_size': 96, 'vocab_size': 100, "
                + "'max_position_embeddings': 4096" + more + "}";
    }

    @Test
    void theOldAndTheNewSpellingOfRopeMeanTheSame() throws IOException {
        String numbers = "'factor': 8.0, 'low_freq_factor': 1.0, 'high_freq_factor': 4.0, "
                + "'original_max_position_embeddings': 8192";
        PolicyConfig old = read(json(
                "LlamaForCausalLM",
                ", 'eos_token_id': 1, 'rope_theta': 500000.0, 'rope_scaling': {'rope_type': 'llama3', " + numbers
                        + "}"));
        PolicyConfig now = read(json(
                "LlamaForCausalLM",
                ", 'eos_token_id': 1, 'rope_parameters': {'rope_theta': 500000.0, 'rope_type': 'llama3', " + numbers
                        + "}"));
        assertEquals(500000, old.ropeBase());
        assertEquals(new RopeScaling.Llama3(8, 1, 4, 8192), old.variant().rope());
        assertEquals(old, now);
    }

    /** What LlamaConfig of transformers 5.24 makes of the same fields. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'rope_theta': 20000.0 | 20000 | false",
                "'rope_parameters': {'rope_type': 'default', 'rope_theta': 500000.0}, 'rope_theta': 10000.0 | 500000 | false",
                "'rope_parameters': {'rope_type': 'default'}, 'rope_theta': 20000.0 | 20000 | false",
                "'rope_parameters': {'rope_type': 'default'} | 10000 | false",
                "'rope_parameters': {'rope_theta': 500000.0}, 'rope_scaling': null, 'rope_theta': 1.0 | 500000 | false",
                "'rope_parameters': {'rope_theta': 500000.0}, 'rope_scaling': {}, 'rope_theta': 1.0 | 500000 | false",
                "'rope_parameters': {}, 'rope_scaling': {'rope_type': 'default', 'rope_theta': 30000.0} | 30000 | false",
                "'rope_parameters': {'rope_type': 'default', 'rope_theta': 500000.0}, 'rope_scaling': {LLAMA3}, 'rope_theta': 70000.0 | 70000 | true",
                "'rope_parameters': {'rope_type': 'default', 'rope_theta': 500000.0}, 'rope_scaling': {LLAMA3} | 10000 | true",
                "'rope_parameters': {LLAMA3, 'rope_theta': 500000.0}, 'rope_theta': 10000.0 | 500000 | true",
                "'rope_parameters': {'type': 'llama3', 'rope_type': 'default', 'rope_theta': 500000.0} | 500000 | false",
                "'rope_parameters': {'rope_theta': 1.5, 'partial_rotary_factor': 1.0}, 'partial_rotary_factor': 0.5 | 1.5 | false",
            },
            quoteCharacter = '`')
    void ofStaleFieldsTransformersChoiceCounts(String fields, double theta, boolean scales) throws IOException {
        String numbers = "'rope_type': 'llama3', 'factor': 8.0, 'low_freq_factor': 1.0, 'high_freq_factor': 4.0, "
                + "'original_max_position_embeddings': 8192";
        PolicyConfig config =
                read(json("LlamaForCausalLM", ", 'eos_token_id': 1, " + fields.replace("LLAMA3", numbers)));
        assertEquals(theta, config.ropeBase());
        assertEquals(scales, config.variant().rope().scales());
    }

    @Test
    void theLengthBeforeScalingIsThePositionsWhereNothingSaysIt() throws IOException {
        PolicyConfig config = read(json(
                "LlamaForCausalLM",
                ", 'eos_token_id': 1, 'rope_parameters': {'rope_type': 'llama3', 'factor': 8.0, 'low_freq_factor': 1.0, "
                        + "'high_freq_factor': 4.0}"));
        assertEquals(new RopeScaling.Llama3(8, 1, 4, 4096), config.variant().rope());
    }

    @Test
    void whatIsAbsentIsWhatTransformersTakes() throws IOException {
        PolicyConfig llama = read(json("LlamaForCausalLM", ", 'eos_token_id': 1"));
        assertEquals(64, llama.keyValueHeads());
        assertEquals(2, llama.headSize());
        assertEquals(10000, llama.ropeBase());
        assertEquals(1e-6, llama.normEpsilon());
        assertEquals(
                4096,
                read(json("MistralForCausalLM", ", 'eos_token_id': 1"))
                        .variant()
                        .window());
        assertEquals(
                0,
                read(json("MistralForCausalLM", ", 'eos_token_id': 1, 'sliding_window': null"))
                        .variant()
                        .window());
        assertEquals(128, read(json("Qwen3ForCausalLM", ", 'eos_token_id': 1")).headSize());
        PolicyConfig mixtral = read(json("MixtralForCausalLM", ", 'eos_token_id': 1"));
        assertEquals(new Variant.Experts(8, 2), mixtral.variant().experts());
        assertEquals(1e6, mixtral.ropeBase());
    }

    @Test
    void keyValueHeadsThatNobodyStatesAreThoseOfTheFamily() throws IOException {
        // as MistralConfig(num_attention_heads=64) and its like of transformers 5.23 say; null was as many as heads in
        // 4
        for (String family : List.of("Mistral", "Mixtral")) assertEquals(8, keyValueHeads(family, ""), family);
        for (String family : List.of("Qwen2", "Qwen3")) assertEquals(32, keyValueHeads(family, ""), family);
        assertEquals(64, keyValueHeads("Llama", ""));
        assertEquals(64, keyValueHeads("Mistral", ", 'num_key_value_heads': null"));
        assertEquals(2, keyValueHeads("Mistral", ", 'num_key_value_heads': 2"));
    }

    private int keyValueHeads(String family, String more) throws IOException {
        return read(json(family + "ForCausalLM", ", 'eos_token_id': 1" + more)).keyValueHeads();
    }

    @Test
    void theFirstOfSeveralEndsEndsACompletionAndAllAreKept() throws IOException {
        PolicyConfig config = read(json("LlamaForCausalLM", ", 'eos_token_id': [9, 5, 7]"));
        assertEquals(9, config.endOfText());
        assertEquals(List.of(5, 7), config.variant().otherEnds());
        assertEquals(
                "[9,5,7]",
                ConfigJson.write(config, "float32").get("eos_token_id").toString());
    }

    @Test
    void aWindowThatQwenStatesButDoesNotUseIsNone() throws IOException {
        PolicyConfig config = read(
                json("Qwen2ForCausalLM", ", 'eos_token_id': 1, 'sliding_window': 32768, 'use_sliding_window': false"));
        assertEquals(0, config.variant().window());
    }

    /** The fields of Mistral Small 3.1 and Magistral 1.2 as their cards state them; no such file was read here. */
    private static final String MISTRAL_3 = "{'architectures': ['Mistral3ForConditionalGeneration'], "
            + "'model_type': 'mistral3', 'spatial_merge_size': 2, 'image_token_index': 10, "
            + "'text_config': {'attention_dropout': 0.0, 'head_dim': 128, 'hidden_act': 'silu', 'hidden_size': 5120, "
            + "'initializer_range': 0.02, 'intermediate_size': 32768, 'max_position_embeddings': 131072, "
            + "'model_type': 'mistral', 'num_attention_heads': 32, 'num_hidden_layers': 40, 'num_key_value_heads': 8, "
            + "'rms_norm_eps': 1e-05, 'rope_theta': 1000000000.0, 'sliding_window': null, 'use_cache': true, "
            + "'vocab_size': 131072}, 'torch_dtype': 'bfloat16', 'vision_config': {'model_type': 'pixtral', "
            + "'hidden_size': 1024, 'hidden_act': 'gelu', 'rope_theta': 10000.0}, 'vision_feature_layer': -1}";

    @Test
    void ofAModelWithAVisionTowerTheTextPartIsRead() throws IOException {
        PolicyConfig config = read(MISTRAL_3);
        PolicyConfig plain = new PolicyConfig(
                40, 5120, 32, 8, 128, 32768, 131072, 131072, 1e9, 1e-5, false, 2, Variant.of(Architecture.MISTRAL));
        assertEquals(plain, config);
        assertEquals(23_572_403_200L, config.parameters());
        ObjectNode written = ConfigJson.write(config, "bfloat16");
        assertEquals("[\"MistralForCausalLM\"]", written.get("architectures").toString());
        assertTrue(written.get("sliding_window").isNull());
    }

    @Test
    void magistralAsAPlainMistralIsTheSameDecoder() throws IOException {
        String text =
                MISTRAL_3.substring(MISTRAL_3.indexOf("'text_config': {") + 16, MISTRAL_3.indexOf("}, 'torch_dtype"));
        PolicyConfig config = read("{'architectures': ['MistralForCausalLM'], 'bos_token_id': 1, 'eos_token_id': 2, "
                + "'torch_dtype': 'bfloat16', " + text + "}");
        assertEquals(read(MISTRAL_3), config);
    }

    @Test
    void aVisionTowerOnAnotherDecoderIsRefused() {
        BadInputException e = assertThrows(
                BadInputException.class,
                () -> read(MISTRAL_3.replace("'model_type': 'mistral',", "'model_type': 'llama',")));
        assertTrue(
                e.getMessage()
                        .endsWith("text_config.model_type \"llama\" is not supported, allowed mistral, ministral3"),
                e.getMessage());
    }

    @Test
    void anEndThatNobodyStatesIsTransformersOwnExceptForQwen() throws IOException {
        assertEquals(2, read(json("LlamaForCausalLM", "")).endOfText());
        assertEquals(2, read(json("MixtralForCausalLM", "")).endOfText());
        BadInputException e = assertThrows(BadInputException.class, () -> read(json("Qwen2ForCausalLM", "")));
        assertTrue(e.getMessage().endsWith("eos_token_id  is missing or not an integer"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'rope_scaling': {'type': 'su', 'factor': 4.0} | rope_scaling.type \"su\" is not supported, allowed default, dynamic, linear, llama3, yarn, longrope",
                "'rope_parameters': {'rope_type': 'mrope'} | rope_parameters.rope_type \"mrope\" is not supported, allowed default, dynamic, linear, llama3, yarn, longrope",
                "'rope_parameters': {'rope_type': 'linear'} | rope_scaling.factor 0.0, allowed 1 to 1000000",
                "'rope_parameters': {'rope_type': 'yarn'} | rope_parameters.factor is missing",
                "'rope_parameters': {'rope_type': 'yarn', 'factor': 4, 'beta_fast': 1, 'beta_slow': 32} | rope_scaling.beta_slow 32.0 and beta_fast 1.0, allowed 0 < slow <= fast <= 1000000",
                "'rope_parameters': {'rope_type': 'yarn', 'factor': 4, 'attention_factor': -1} | rope_scaling.attention_factor -1.0, allowed 0 to 1000, not 0",
                "'rope_parameters': {'rope_type': 'yarn', 'factor': 4, 'rope_theta': 1.0} | rope_theta 1.0, allowed above 1 with yarn",
                "'rope_parameters': {'rope_type': 'yarn', 'factor': 4, 'original_max_position_embeddings': 0} | original_max_position_embeddings 0, allowed >= 1",
                "'rope_parameters': {'rope_type': 'longrope', 'short_factor': [1.0], 'long_factor': [2.0, 'x']} | rope_parameters.long_factor [2.0,\"x\"] is not a list of numbers",
                "'rope_parameters': {'rope_type': 'longrope', 'short_factor': [1.0, 2.0], 'long_factor': [1.0]} | rope_scaling: 2 factors in short_factor or long_factor, expected half the head size, 1",
                "'rope_parameters': {'rope_type': 'longrope', 'short_factor': [1.0], 'long_factor': [0]} | rope_scaling: a factor is 0.0, allowed 0 to 1000000, not 0",
                "'layer_types': ['full_attention'] | layer_types has 1 entries, expected num_hidden_layers 3",
                "'rope_parameters': {'rope_type': 'llama3', 'factor': 8, 'original_max_position_embeddings': 9} | low_freq_factor 0.0 and high_freq_factor 0.0, allowed 0 < low < high <= 1000000",
                "'use_sliding_window': true | use_sliding_window true is not supported, allowed false",
                "'layer_types': ['full_attention', 'sliding_attention'] | layer_types \"sliding_attention\" is not supported, allowed full_attention in all layers",
                "'attention_bias': true | attention_bias true is not supported, allowed false",
                "'hidden_act': 'gelu' | hidden_act \"gelu\" is not supported, allowed silu",
                "'quantization_config': {'bits': 4} | quantization_config.quant_method none is not supported, allowed fp8, and compressed-tensors with floats of 8 bits",
                "'quantization_config': {'quant_method': 'gptq', 'bits': 4} | quantization_config.quant_method \"gptq\" is not supported, allowed fp8, and compressed-tensors with floats of 8 bits",
                "'quantization_config': {'quant_method': 'compressed-tensors', 'format': 'nvfp4-pack-quantized'} | quantization_config.format \"nvfp4-pack-quantized\" is not supported, allowed fp8, and compressed-tensors with floats of 8 bits, float-quantized",
                "'quantization_config': {'quant_method': 'compressed-tensors', 'format': 'float-quantized', 'config_groups': {'a': {'weights': {'num_bits': 8, 'type': 'int'}}}} | quantization_config.config_groups.a.weights.type \"int\" is not supported, allowed float",
                "'quantization_config': {'quant_method': 'compressed-tensors', 'format': 'float-quantized', 'config_groups': {'a': {'weights': {'num_bits': 8, 'type': 'float', 'strategy': 'group'}}}} | quantization_config.config_groups.a.weights.strategy \"group\" is not supported, allowed tensor, channel, block",
                "'quantization_config': {'quant_method': 'fp8', 'weight_block_size': [128]} | quantization_config.weight_block_size [128] is not two sizes >= 1",
                "'partial_rotary_factor': 0.5 | partial_rotary_factor 0.5 is not supported, allowed 1",
                "'rope_parameters': {'partial_rotary_factor': 0.5}, 'partial_rotary_factor': 1.0 | rope_parameters.partial_rotary_factor 0.5 is not supported, allowed 1",
                "'rope_parameters': {'full_attention': {'rope_theta': 5.0}} | rope_parameters.full_attention is of one type of layers: not supported, allowed one set for all layers",
                "'rope_parameters': {'sliding_attention': null, 'rope_theta': 5.0} | rope_parameters.sliding_attention is of one type of layers: not supported, allowed one set for all layers",
                "'rope_parameters': {'rope_theta': null}, 'rope_theta': 5.0 | rope_parameters.rope_theta null, allowed a number above 0",
                "'rope_parameters': {'rope_theta': 5.0}, 'rope_scaling': {'type': 'su'} | rope_scaling.type \"su\" is not supported, allowed default, dynamic, linear, llama3, yarn, longrope",
                "'num_key_value_heads': 3 | heads 64 must be a multiple of keyValueHeads 3",
                "'head_dim': 15 | headSize 15 must be even",
                "'num_key_value_heads': '4' | num_key_value_heads \"4\" is not an integer",
            },
            quoteCharacter = '`')
    void anUnsupportedSettingIsNamed(String more, String message) {
        BadInputException e = assertThrows(
                BadInputException.class, () -> read(json("LlamaForCausalLM", ", 'eos_token_id': 1, " + more)));
        assertTrue(e.getMessage().startsWith(folder.resolve("config.json") + ": "), e.getMessage());
        assertTrue(e.getMessage().endsWith(message), e.getMessage());
    }
}
