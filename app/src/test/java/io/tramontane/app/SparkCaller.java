package io.tramontane.app;

import io.tramontane.cluster.security.SparkSecurity;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.package$;
import org.apache.spark.network.client.StreamCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.shuffle.protocol.OpenBlocks;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEndpointAddress;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.netty.NettyRpcEndpointRef;
import org.apache.spark.rpc.netty.NettyRpcEnv;
import scala.Option;
import scala.reflect.ClassTag$;

/** Somebody who speaks Spark's protocol to its ports on this machine, with a secret or without. */
final class SparkCaller implements AutoCloseable {
    private static final int WAIT_MILLIS = 5_000;

    private final SparkConf conf = new SparkConf(false);
    private final NettyRpcEnv env;
    private final Optional<String> secret;

    SparkCaller(Optional<String> secret) {
        this.secret = secret;
        secret.ifPresent(SparkSecurity::use);
        conf.set("spark.rpc.askTimeout", WAIT_MILLIS + "ms");
        conf.set("spark.rpc.io.connectionTimeout", WAIT_MILLIS + "ms");
        conf.set("spark.rpc.io.maxRetries", "0");
        secret.ifPresent(known -> conf.set("spark.authenticate", "true")
                .set("spark.authenticate.secret", known)
                .set("spark.network.crypto.enabled", "true")
                .set("spark.network.crypto.cipher", "AES/GCM/NoPadding")
                .set("spark.network.crypto.authEngineVersion", "2"));
        SecurityManager security = new SecurityManager(conf, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE());
        env = (NettyRpcEnv) RpcEnv.create("stranger", "127.0.0.1", 0, conf, security, true);
    }

    /** An endpoint, whether it is there or not. */
    RpcEndpointRef endpoint(int port, String name) {
        secret.ifPresent(SparkSecurity::use);
        return new NettyRpcEndpointRef(conf, new RpcEndpointAddress(new RpcAddress("127.0.0.1", port), name), env);
    }

    /** What an endpoint answers; empty where it refuses, or the port does not speak Spark's protocol. */
    Optional<Object> ask(int port, String endpoint, Object message) {
        try {
            return Optional.ofNullable(
                    endpoint(port, endpoint).askSync(message, ClassTag$.MODULE$.apply(Object.class)));
        } catch (Exception e) { // Scala throws checked exceptions that Java does not see
            return Optional.empty();
        }
    }

    /** Says something without waiting for an answer; the question after it goes through the same connection. */
    void say(int port, String endpoint, Object message) {
        endpoint(port, endpoint).send(message);
        ask(port, endpoint, "are you done?");
    }

    /** True if the port hands out this block. */
    boolean opensBlock(int port, String application, String block) {
        try {
            client(port)
                    .sendRpcSync(
                            new OpenBlocks(application, "driver", new String[] {block}).toByteBuffer(), WAIT_MILLIS);
            return true;
        } catch (Exception e) { // Scala throws checked exceptions that Java does not see
            return false;
        }
    }

    /** How many bytes the file server of a port gives of a file, -1 for none. */
    int fetch(int port, String file) throws InterruptedException {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        try {
            client(port).stream(file, new StreamCallback() {
                private int bytes;

                @Override
                public void onData(String id, ByteBuffer data) {
                    bytes += data.remaining();
                }

                @Override
                public void onComplete(String id) {
                    end.complete(bytes);
                }

                @Override
                public void onFailure(String id, Throwable cause) {
                    end.complete(-1);
                }
            });
            return end.get(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) { // Scala throws checked exceptions that Java does not see
            return -1;
        }
    }

    private TransportClient client(int port) {
        secret.ifPresent(SparkSecurity::use);
        return env.createClient(new RpcAddress("127.0.0.1", port));
    }

    @Override
    public void close() {
        env.shutdown();
        env.awaitTermination();
    }
}
