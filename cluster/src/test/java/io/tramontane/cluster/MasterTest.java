package io.tramontane.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.rpc.RpcEnv;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;
import scala.Tuple3;

class MasterTest {
    private static final Master.Need ROLES = new Master.Need(3, 1, "three roles");

    private static String complaint(String url) {
        return assertThrows(BadInputException.class, () -> Master.of(url)).getMessage();
    }

    private static String complaint(String url, Master.Need need) {
        return assertThrows(BadInputException.class, () -> Master.of(url).check(need))
                .getMessage();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"local", "local[3]", "local[*]", "local[*,4]", "local[ 2 , 4 ]", "local-cluster[3, 1, 1024]"})
    void aMasterInThisMachineIsTaken(String url) {
        assertTrue(Master.of(url).oneMachine(), url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sprak://h:7077",
                "foo",
                "local[x]",
                "local[]",
                "spark://h",
                "spark://h:x",
                "spark://",
                "",
                "mesos://h:1",
                "Local"
            })
    void aMasterThatNoSparkTakes(String url) {
        assertEquals(
                "master " + url + ": no such master, allowed local[*], local[N],"
                        + " local-cluster[WORKERS,CORES,MEGABYTES] or spark://HOST:PORT",
                complaint(url));
    }

    @Test
    void sizesThatCannotWork() {
        assertEquals("master local[0]: 0, allowed 1 to 10000", complaint("local[0]"));
        assertTrue(complaint("local-cluster[1,2]").startsWith("master local-cluster[1,2]: a local cluster is three"));
        assertEquals(
                "master local-cluster[3,1,100]: 100, allowed 512 to 2147483646 megabytes",
                complaint("local-cluster[3,1,100]"));
        assertEquals(
                "master local-cluster[2,1,1024]: room for 2 tasks of one core (2 workers with 2 cores and 2048 MB in all,"
                        + " spark.executor.memory 1024m), needed is room for 3 (three roles)",
                complaint("local-cluster[2,1,1024]", ROLES));
        Master.of("local-cluster[1,3,1024]").check(ROLES);
        Master.of("local[1]").check(ROLES); // threads are made as needed
    }

    @Test
    void executorsThatAreAskedForMustHaveRoomForAllTasks() {
        Master yarn = new Master("yarn", 0, List.of());
        yarn.check(ROLES); // as many executors as tasks unless the user says otherwise
        System.setProperty("spark.executor.instances", "2");
        try {
            assertEquals(
                    "master yarn: spark.executor.instances 2 of spark.executor.cores 1 have too little room, needed is room"
                            + " for 3 tasks of one core (three roles)",
                    assertThrows(BadInputException.class, () -> yarn.check(ROLES))
                            .getMessage());
            yarn.check(new Master.Need(2, 1, "two roles"));
        } finally {
            System.clearProperty("spark.executor.instances");
        }
    }

    @ParameterizedTest
    @CsvSource({"yarn, YARN", "k8s://https://h:6443, Kubernetes"})
    void aManagerThatOurOwnSparkDoesNotHave(String url, String manager) {
        assertEquals(
                "master " + url + ": the Spark that runs here cannot talk to " + manager
                        + ", submit the job jar (mvn -Pjob package) with the cluster's own spark-submit (docs/cluster.md)",
                complaint(url));
    }

    @ParameterizedTest
    @CsvSource({
        // cores and memory of two workers; executor cores, executor memory, cores.max; task cores; tasks
        "4, 4096, 0, 1g, 0, 1, 8", // an executor per worker, with all of its cores
        "4, 4096, 2, 1g, 0, 1, 8",
        "4, 4096, 2, 3g, 0, 1, 4", // memory for one executor of two cores each
        "4, 4096, 2, 1g, 5, 1, 4", // two executors of two cores fit into five
        "4, 4096, 4, 1g, 12, 4, 2", // a role takes a whole executor
        "4, 4096, 8, 1g, 0, 1, 0",
        "4, 1000, 0, 1g, 0, 1, 0",
        "4, 4096, 0, 1g, 3, 1, 3",
        "3, 4096, 0, 1g, 0, 2, 2"
    })
    void roomIsDealtOutAsTheStandaloneMasterDoes(
            int cores, int megabytes, int executorCores, String memory, int most, int taskCores, int tasks) {
        SparkConf spark = new SparkConf(false).set("spark.executor.memory", memory);
        if (executorCores > 0) spark.set("spark.executor.cores", "" + executorCores);
        if (most > 0) spark.set("spark.cores.max", "" + most);
        Master.Worker worker = new Master.Worker(cores, megabytes);
        assertEquals(tasks, new ExecutorCapacity(spark, List.of(worker, worker)).tasks(taskCores));
    }

    @ParameterizedTest
    @CsvSource({
        // cores and GPUs of two workers; executor cores, GPUs of an executor, cores.max; tasks with a GPU
        "8, 4, 2, 1, 0, 8",
        "8, 2, 2, 1, 0, 4", // the other cores have no GPU
        "8, 4, 4, 1, 0, 4", // two executors of four cores on each
        "8, 4, 0, 1, 0, 2", // one executor of all cores on each, with one GPU
        "8, 4, 0, 4, 0, 8",
        "2, 4, 0, 4, 0, 4", // four GPUs, but cores for two tasks
        "8, 4, 2, 1, 6, 3",
        "8, 0, 2, 1, 0, 0"
    })
    void aTaskWithAGpuNeedsAnExecutorThatHasOne(int cores, int gpus, int executorCores, int each, int most, int tasks) {
        SparkConf spark = new SparkConf(false).set(Devices.PER_EXECUTOR, "" + each);
        if (executorCores > 0) spark.set("spark.executor.cores", "" + executorCores);
        if (most > 0) spark.set("spark.cores.max", "" + most);
        Master.Worker worker = new Master.Worker(cores, 16_384, gpus);
        assertEquals(tasks, new ExecutorCapacity(spark, List.of(worker, worker)).gpus());
    }

    @Test
    void gpusThatAreNotThere() {
        Master.Need roles = new Master.Need(4, 1, 3, "cluster.generators 2, cluster.verifiers 1, cluster.trainers 1");
        assertEquals(
                "master local-cluster[1,8,4096]: room for 0 tasks with a GPU of their own (1 workers with 8 cores and 4096 MB in"
                        + " all, 0 GPUs, spark.executor.memory 4096m, spark.executor.resource.gpu.amount 1), needed is room for 3,"
                        + " one for each trainer and generator (cluster.generators 2, cluster.verifiers 1, cluster.trainers 1;"
                        + " docs/cluster.md, GPUs)",
                complaint("local-cluster[1,8,4096]", roles));
        assertTrue(
                complaint("local-cluster[2,4,4096]", roles)
                        .startsWith("master local-cluster[2,4,4096]: 2 workers would give the same GPUs twice"),
                complaint("local-cluster[2,4,4096]", roles));
    }

    @Test
    void aManagerStartsTheExecutorsThatItIsAskedFor() {
        Master yarn = new Master("yarn", 0, List.of());
        yarn.check(new Master.Need(9, 1, "nine roles without GPUs"));
        yarn.check(new Master.Need(9, 1, 2, "nine roles, two with GPUs"));
        System.setProperty(Devices.PER_EXECUTOR, "0");
        try {
            BadInputException error = assertThrows(
                    BadInputException.class, () -> yarn.check(new Master.Need(4, 1, 3, "cluster.generators 2, ...")));
            assertEquals(
                    "master yarn: spark.executor.instances 4 with spark.executor.resource.gpu.amount 0, needed are 3 GPUs,"
                            + " one for each trainer and generator (cluster.generators 2, ...)",
                    error.getMessage());
        } finally {
            System.clearProperty(Devices.PER_EXECUTOR);
        }
    }

    @Test
    @Timeout(20)
    void aStandaloneMasterThatIsNotThereIsNamed() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String url = "spark://127.0.0.1:" + port;
        assertEquals(
                "master " + url + ": cannot be reached (127.0.0.1:" + port + ": Connection refused), is Spark's master"
                        + " running there?",
                complaint(url, ROLES));
        assertEquals("master spark://127.0.0.1:0: port 0, allowed 1 to 65535", complaint("spark://127.0.0.1:0", ROLES));
    }

    @Test
    @Timeout(40)
    void aStandaloneMasterTellsHowManyTasksHaveRoom(@TempDir Path folder) throws IOException {
        Path script = Files.writeString(
                folder.resolve("gpus.sh"), "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]}'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        SparkConf spark = new SparkConf(false)
                .set("spark.master.rest.enabled", "false")
                .set("spark.worker.resource.gpu.amount", "2")
                .set("spark.worker.resource.gpu.discoveryScript", script.toString());
        Tuple3<RpcEnv, Object, Option<Object>> master =
                org.apache.spark.deploy.master.Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, spark);
        String url = "spark://127.0.0.1:" + master._1().address().port();
        RpcEnv worker = org.apache.spark.deploy.worker.Worker.startRpcEnvAndEndpoint(
                "127.0.0.1",
                0,
                0,
                2,
                1024,
                new String[] {url},
                System.getProperty("java.io.tmpdir"),
                Option.empty(),
                spark,
                Option.empty());
        try {
            assertEquals(
                    "master " + url + ": room for 2 tasks of one core (1 workers with 2 cores and 1024 MB in all),"
                            + " needed is room for 3 (three roles)",
                    complaint(url, ROLES));
            Master.of(url).check(new Master.Need(2, 1, "two roles"));
            Master.of(url).check(new Master.Need(2, 1, 1, "two roles, one with a GPU"));
            String gpus = complaint(url, new Master.Need(2, 1, 2, "two roles"));
            assertTrue(
                    gpus.startsWith(
                            "master " + url + ": room for 1 tasks with a GPU of their own (1 workers with 2 cores and"
                                    + " 1024 MB in all, 2 GPUs, spark.executor.resource.gpu.amount 1), needed is room for 2, one for"
                                    + " each trainer and generator (two roles"),
                    gpus);
            String page = "spark://127.0.0.1:" + master._2();
            String complaint = complaint(page, ROLES);
            assertTrue(
                    complaint.startsWith("master " + page + ": what listens on 127.0.0.1:" + master._2()
                            + " does not answer as a master of Spark"),
                    complaint);
        } finally {
            worker.shutdown();
            master._1().shutdown();
            worker.awaitTermination();
            master._1().awaitTermination();
        }
    }
}
