package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docker/Dockerfile and the image's entry point, without Docker. */
@Tag("cluster")
class ContainerImageTest {
    private static final Path ROOT = Path.of(System.getProperty("tramontane.root"));
    private static final Path DIST = ROOT.resolve("app/target/dist").toAbsolutePath();

    @TempDir
    Path folder;

    /** Instructions with their continued lines joined. */
    private static List<String> instructions() throws IOException {
        String text = Files.readString(ROOT.resolve("docker/Dockerfile"));
        return text.replaceAll("(?m)^#.*\n", "")
                .replace("\\\n", " ")
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static List<String> of(String instruction) throws IOException {
        return instructions().stream()
                .filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length()).strip())
                .toList();
    }

    private static Set<String> packages() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String run : of("RUN")) {
            Matcher install = Pattern.compile("apt-get install -y --no-install-recommends ([^&]+)")
                    .matcher(run);
            while (install.find()) names.addAll(List.of(install.group(1).strip().split("\\s+")));
        }
        return names;
    }

    @Test
    void whatIsCopiedIsInTheWorkingCopyAndNotLeftOut() throws IOException {
        List<String> sent = Files.readAllLines(ROOT.resolve(".dockerignore"));
        for (String copy : of("COPY")) {
            if (copy.startsWith("--from=build ")) continue;
            List<String> words = List.of(copy.split("\\s+"));
            for (String source : words.subList(0, words.size() - 1)) {
                assertTrue(Files.exists(ROOT.resolve(source)), source);
                assertTrue(sent.contains("!" + source.replaceAll("/.*", "")), source + " is in .dockerignore");
            }
        }
    }

    @Test
    void everyModuleOfTheBuildIsCopied() throws IOException {
        Matcher modules = Pattern.compile("<module>([a-z0-9]+)").matcher(Files.readString(ROOT.resolve("pom.xml")));
        while (modules.find()) {
            String module = modules.group(1);
            assertTrue(of("COPY").contains(module + " " + module), module);
        }
    }

    @Test
    void theLaunchersPackagesAreInIt() throws IOException {
        assertEquals(
                Set.of(
                        "openjdk-17-jdk-headless",
                        "maven",
                        "openjdk-17-jre-headless",
                        "bubblewrap",
                        "g++",
                        "python3",
                        "tini"),
                packages());
        String setup = Files.readString(ROOT.resolve("bin/setup.sh"));
        for (String name : List.of("openjdk-17-jdk-headless", "maven", "bubblewrap", "g++", "python3"))
            assertTrue(setup.contains(name), name);
    }

    @Test
    void debianHasThePackages() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/apt-cache")), "no apt-cache here");
        Assumptions.assumeTrue(
                Files.readString(Path.of("/etc/os-release")).contains("bookworm"),
                "this is another system than Debian 12");
        List<String> command = new ArrayList<>(List.of("apt-cache", "policy"));
        command.addAll(packages());
        String said = run(Map.of(), command);
        Assumptions.assumeTrue(said.contains("Candidate"), "no package lists here: apt-get update");
        Set<String> found = said.lines()
                .filter(line -> line.endsWith(":") && !line.startsWith(" "))
                .map(line -> line.substring(0, line.length() - 1))
                .collect(Collectors.toSet());
        assertEquals(packages(), found);
    }

    @Test
    void noStepNeedsAnythingButDebianAndMavenCentral() throws IOException {
        assertEquals(List.of("BASE=debian:bookworm-slim"), of("ARG"));
        assertEquals(List.of("${BASE} AS build", "${BASE}"), of("FROM"));
        assertEquals(List.of(), of("ADD"));
        for (String run : of("RUN"))
            assertTrue(!run.matches("(?s).*(://|\\bcurl\\b|\\bwget\\b|\\bpip\\b|\\bnpm\\b|\\bgit\\b).*"), run);
        assertEquals(List.of("[\"/opt/tramontane/bin/entrypoint\"]"), of("ENTRYPOINT"));
    }

    @Test
    void sparksExecutorGetsWhatItsEnvironmentSays() throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of(
                "SPARK_EXECUTOR_MEMORY", "2g",
                "SPARK_DRIVER_URL", "spark://CoarseGrainedScheduler@driver:7078",
                "SPARK_EXECUTOR_ID", "3",
                "SPARK_EXECUTOR_CORES", "4",
                "SPARK_APPLICATION_ID", "spark-1",
                "SPARK_EXECUTOR_POD_IP", "10.0.0.7"));
        environment.putAll(Map.of(
                "SPARK_RESOURCE_PROFILE_ID", "1",
                "SPARK_EXECUTOR_POD_NAME", "run-exec-3",
                "SPARK_CONF_DIR", "/opt/spark/conf",
                "SPARK_JAVA_OPT_0", "-Da=b c",
                "SPARK_JAVA_OPT_1", "-XX:+UseSerialGC"));
        assertEquals(
                List.of(
                        "java",
                        "@" + DIST + "/conf/java.opts",
                        "-Da=b c",
                        "-XX:+UseSerialGC",
                        "-Xms2g",
                        "-Xmx2g",
                        "-cp",
                        "/opt/spark/conf:" + DIST + "/conf:" + DIST + "/jars/*",
                        "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend",
                        "--driver-url",
                        "spark://CoarseGrainedScheduler@driver:7078",
                        "--executor-id",
                        "3",
                        "--cores",
                        "4",
                        "--app-id",
                        "spark-1",
                        "--hostname",
                        "10.0.0.7",
                        "--resourceProfileId",
                        "1",
                        "--podName",
                        "run-exec-3"),
                entrypoint(environment, "executor"));
    }

    @Test
    void sparksDriverHasTheMemoryAndOptionsOfItsPropertiesFile() throws Exception {
        Path properties = Files.writeString(
                folder.resolve("spark.properties"),
                "spark.driver.memory 3g\nspark.driver.extraJavaOptions -Dof.mine=1\n");
        List<String> words = entrypoint(
                Map.of("SPARK_DRIVER_BIND_ADDRESS", "10.0.0.2", "SPARK_CONF_DIR", folder.toString()),
                "driver",
                "--properties-file",
                properties.toString(),
                "--class",
                "io.tramontane.app.cli.Tramontane",
                "local:///opt/tramontane/app.jar",
                "train",
                "--run",
                "s3a://bucket/a b");
        assertTrue(words.get(0).endsWith("java"), words.toString());
        assertEquals("@" + DIST + "/conf/java.opts", words.get(1));
        assertTrue(words.containsAll(List.of("-Xmx3g", "-Dof.mine=1")), words.toString());
        int main = words.indexOf("org.apache.spark.deploy.SparkSubmit");
        List<String> submit = words.subList(main + 1, words.size());
        assertTrue(submit.contains("spark.driver.bindAddress=10.0.0.2"), submit.toString());
        assertEquals(
                List.of("local:///opt/tramontane/app.jar", "train", "--run", "s3a://bucket/a b"),
                submit.subList(submit.size() - 4, submit.size()));
        assertEquals("client", submit.get(submit.indexOf("--deploy-mode") + 1));
    }

    @Test
    void everythingElseIsForTheLauncher() throws Exception {
        assertEquals(List.of("tramontane", "score", "--out", "a b"), entrypoint(Map.of(), "score", "--out", "a b"));
        assertEquals(List.of("tramontane"), entrypoint(Map.of()));
    }

    /** Runs a copy beside a launcher and a Java that print their words, except for Spark's launcher, which really runs. */
    private List<String> entrypoint(Map<String, String> environment, String... words) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path entrypoint = script("entrypoint", Files.readString(ROOT.resolve("docker/entrypoint")));
        script("tramontane", "#!/bin/sh\nprintf '%s\\n' tramontane \"$@\"\n");
        script("tini", "#!/bin/sh\nshift 2\nexec \"$@\"\n");
        script(
                "java",
                "#!/bin/sh\ncase \"$*\" in *launcher.Main*) exec " + java
                        + " \"$@\" ;; esac\nprintf '%s\\n' java \"$@\"\n");
        Map<String, String> all = new HashMap<>(environment);
        all.put("PATH", folder + ":" + System.getenv("PATH"));
        all.put("JAVA_HOME", Files.createDirectories(folder.resolve("home")).toString());
        Path home = Files.createDirectories(folder.resolve("home/bin")).resolve("java");
        Files.copy(folder.resolve("java"), home, StandardCopyOption.REPLACE_EXISTING);
        all.put("SPARK_HOME", DIST.toString());
        all.put("SPARK_SCALA_VERSION", "2.13");
        List<String> command = new ArrayList<>(List.of(entrypoint.toString()));
        command.addAll(Arrays.asList(words));
        return run(all, command).lines().toList();
    }

    private Path script(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String run(Map<String, String> environment, List<String> command) throws Exception {
        Path said = Files.createTempFile(folder, "said", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), command.toString());
        String text = Files.readString(said);
        assertEquals(0, process.exitValue(), text);
        return text;
    }
}
