package io.tramontane.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Spark makes of conf/kubernetes, by its own code and without a cluster (job/clusterspark/KubernetesPods.java), checked by
 * Kubernetes' JSON schema. {@code mvn -Pheavy} fetches what it needs.
 */
@Tag("heavy")
class KubernetesTest {
    private static final String JAR = "local:///opt/tramontane/app/target/dist/jars/tramontane-app-0.1.0.jar";
    private static final Path CONF = Submitted.ROOT.resolve("conf/kubernetes");

    @TempDir
    Path folder;

    private JsonNode pods(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Submitted.java(),
                "@" + Submitted.ROOT.resolve("app/target/dist/conf/java.opts"),
                "-Xmx512m",
                "-cp",
                Submitted.classPath("clusterspark/target/testclasspath.txt"),
                Submitted.ROOT.resolve("job/clusterspark/KubernetesPods.java").toString(),
                Submitted.ROOT
                        .resolve("job/src/test/resources/kubernetes-1.34.json")
                        .toString()));
        command.addAll(List.of(words));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command)
                .directory(Submitted.ROOT.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), Files.readString(err));
        return new ObjectMapper().readTree(out.toFile());
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Test
    void executorsWithAGpuEach() throws Exception {
        JsonNode pods = pods(CONF.resolve("gpu.properties").toString(), JAR, "train", "--run", "s3a://bucket/run");
        assertEquals(List.of(), texts(pods.path("faults")));
        JsonNode container = pods.at("/executor/spec/containers/0");
        assertEquals(
                "1", container.at("/resources/limits").path("nvidia.com/gpu").asText());
        assertEquals("20480Mi", container.at("/resources/limits/memory").asText(), "4g and 16g of overhead");
        assertEquals(List.of("executor"), texts(container.path("args")));
        assertEquals("Unmasked", container.at("/securityContext/procMount").asText());
        assertEquals(185, pods.at("/executor/spec/securityContext/runAsUser").asInt());
    }

    @Test
    void executorsWithoutGpusAndTheDriver() throws Exception {
        JsonNode pods = pods(CONF.resolve("spark.properties").toString(), JAR, "train", "--run", "s3a://bucket/run");
        assertEquals(List.of(), texts(pods.path("faults")));
        JsonNode executor = pods.at("/executor/spec/containers/0");
        assertTrue(executor.at("/resources/limits").path("nvidia.com/gpu").isMissingNode());
        assertEquals("tramontane:0.1.0", executor.path("image").asText());
        assertTrue(
                executor.path("env").toString().contains("_SPARK_AUTH_SECRET"), "the settings ask for authentication");
        JsonNode driver = pods.at("/driver/spec");
        assertEquals("tramontane", driver.path("serviceAccountName").asText());
        List<String> words = texts(driver.at("/containers/0/args"));
        assertEquals(List.of("driver", "--properties-file"), words.subList(0, 2));
        assertEquals(List.of(JAR, "train", "--run", "s3a://bucket/run"), words.subList(words.size() - 4, words.size()));
    }

    @Test
    void theManifestFitsTheSchema() throws Exception {
        JsonNode checked = pods("--manifest", CONF.resolve("account.yaml").toString());
        assertEquals(List.of(), texts(checked.path("faults")));
        assertEquals(3, checked.path("documents").size());
    }

    @Test
    void aMisspeltFieldOfATemplateIsFound() throws Exception {
        Path template = Files.writeString(
                folder.resolve("executor.yaml"),
                Files.readString(CONF.resolve("executor.yaml")).replace("hostUsers:", "hostUser:"));
        Path properties = Files.writeString(
                folder.resolve("spark.properties"),
                Files.readString(CONF.resolve("spark.properties"))
                        .replace("conf/kubernetes/executor.yaml", template.toString()));
        JsonNode faults = pods(properties.toString(), JAR, "train").path("faults");
        assertTrue(faults.toString().contains("hostUser"), faults.toString());
    }
}
