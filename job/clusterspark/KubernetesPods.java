import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.k8s.KubernetesConf$;
import org.apache.spark.deploy.k8s.KubernetesDriverConf;
import org.apache.spark.deploy.k8s.KubernetesDriverSpec;
import org.apache.spark.deploy.k8s.KubernetesExecutorConf;
import org.apache.spark.deploy.k8s.KubernetesExecutorSpec;
import org.apache.spark.deploy.k8s.submit.JavaMainAppResource;
import org.apache.spark.deploy.k8s.submit.KubernetesDriverBuilder;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfile$;
import org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBuilder;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What Spark itself would ask Kubernetes for, without a cluster: {@code java -cp ... KubernetesPods.java SCHEMA PROPERTIES JAR WORD...}
 * builds the pods of driver and executor by Spark's own code, checks them by Kubernetes' JSON schema, and prints {@code
 * {"executor": pod, "driver": pod, "others": [...], "faults": [...]}}. Without PROPERTIES: {@code SCHEMA --manifest FILE} checks the
 * documents of a YAML file.
 */
public final class KubernetesPods {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode schema;
    private final ArrayNode faults = JSON.createArrayNode();

    private KubernetesPods(JsonNode schema) {
        this.schema = schema;
    }

    public static void main(String[] args) throws Exception {
        KubernetesPods pods = new KubernetesPods(JSON.readTree(Path.of(args[0]).toFile()));
        ObjectNode out = JSON.createObjectNode();
        if (args[1].equals("--manifest")) pods.manifest(Path.of(args[2]), out);
        else pods.build(Path.of(args[1]), args[2], Arrays.copyOfRange(args, 3, args.length), out);
        out.set("faults", pods.faults);
        System.out.println(out);
        System.exit(0);
    }

    private void manifest(Path file, ObjectNode out) throws Exception {
        ArrayNode all = out.putArray("documents");
        for (String text : Files.readString(file).split("(?m)^---$"))
            all.add(checked(JSON.valueToTree(Serialization.yamlMapper().readValue(text, Object.class))));
    }

    private void build(Path properties, String jar, String[] program, ObjectNode out) throws Exception {
        SparkConf settings = new SparkConf(false)
                .setMaster("k8s://https://127.0.0.1:6443")
                .setAppName("tramontane")
                .set("spark.app.id", "spark-1")
                .set("spark.submit.deployMode", "cluster");
        Properties given = new Properties();
        try (Reader in = Files.newBufferedReader(properties)) {
            given.load(in);
        }
        given.forEach((key, value) -> settings.set(key.toString(), value.toString()));
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder().withMasterUrl("https://127.0.0.1:6443").build())
                .build()) {
            KubernetesDriverConf driver = KubernetesConf$.MODULE$.createDriverConf(
                    settings,
                    "spark-1",
                    new JavaMainAppResource(Option.apply(jar)),
                    "io.tramontane.app.cli.Tramontane",
                    program,
                    Option.<String>empty());
            KubernetesDriverSpec submitted = new KubernetesDriverBuilder().buildFromFeatures(driver, client);
            out.set("driver", pod(submitted.pod().pod(), submitted.pod().container()));
            ArrayNode others = out.putArray("others");
            for (HasMetadata other : CollectionConverters.asJava(submitted.driverKubernetesResources()))
                others.add(checked(JSON.readTree(Serialization.asJson(other))));
            settings.set("spark.driver.host", "driver").set("spark.driver.port", "7078"); // as the driver then says itself
            ResourceProfile profile = ResourceProfile$.MODULE$.getOrCreateDefaultProfile(settings);
            KubernetesExecutorConf executor = KubernetesConf$.MODULE$.createExecutorConf(
                    settings, "1", "spark-1", Option.empty(), profile.id());
            SecurityManager security = new SecurityManager(
                    settings, Option.empty(), org.apache.spark.internal.config.package$.MODULE$.AUTH_SECRET_FILE());
            security.initializeAuth(); // as a driver does: executors get the secret of their run
            KubernetesExecutorSpec built = new KubernetesExecutorBuilder()
                    .buildFromFeatures(
                            executor,
                            security,
                            client,
                            profile);
            out.set("executor", pod(built.pod().pod(), built.pod().container()));
        }
    }

    private JsonNode pod(Pod pod, Container container) throws Exception {
        Pod whole = new PodBuilder(pod).editOrNewSpec().addToContainers(container).endSpec().build();
        return checked(JSON.readTree(Serialization.asJson(whole)));
    }

    private JsonNode checked(JsonNode object) {
        String group = object.path("apiVersion").asText().replaceFirst("^v1$", "core/v1").replaceFirst("[./].*", "");
        ObjectNode of = schema.deepCopy();
        of.put("$ref", "#/$defs/io.k8s.api." + group + ".v1." + object.path("kind").asText());
        JsonSchema checker =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(of);
        Set<ValidationMessage> found = checker.validate(object);
        List<String> texts = new ArrayList<>();
        for (ValidationMessage each : found) texts.add(object.path("kind").asText() + " " + each.getMessage());
        texts.forEach(faults::add);
        return object;
    }
}
