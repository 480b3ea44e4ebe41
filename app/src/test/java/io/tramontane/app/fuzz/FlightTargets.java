package io.tramontane.app.fuzz;

import com.google.protobuf.ByteString;
import io.tramontane.data.Group;
import io.tramontane.data.GroupArrow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.arrow.flight.impl.Flight;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Calls of a real Flight server, with the driver of a run behind it, by a client that has the secret. */
final class FlightTargets implements AutoCloseable {
    private static final String GENERATOR = "\"holder\":{\"name\":\"generator-0\",\"attempt\":1}";
    private static final String VERIFIER = "\"holder\":{\"name\":\"verifier-0\",\"attempt\":2}";
    private static final String TRAINER = "\"holder\":{\"name\":\"trainer-0\",\"attempt\":3}";
    private static final String PULSE = "\"pulse\":{\"idle\":1,\"wall\":2}";
    private static final Schema BYTES = new Schema(List.of(Field.notNullable("bytes", new ArrowType.Int(8, false))));

    /** Inputs that one run gets. */
    private static final int OF_ONE_RUN = 100;

    private final DriverServer server;
    private final HostileClient client;
    private final List<byte[]> actions;
    private final List<Group> groups;
    private int inputs;

    /**
     * Starts the server.
     *
     * @param folder for the folders of its runs
     * @param groups of two completions, to be handed over
     * @param reward one of a verifier, as JSON
     */
    FlightTargets(Path folder, List<Group> groups, String reward) throws Exception {
        this.server = new DriverServer(folder);
        this.client = new HostileClient(server.address(), server.secret());
        this.groups = groups;
        this.actions = actions(reward);
        begin();
    }

    private static List<byte[]> actions(String reward) {
        String report = "{\"step\":1,\"objective\":0.1,\"entropy\":0.5,\"gradNorm\":1,\"others\":{}}";
        String canary = "{\"tokens\":[1,2],\"from\":1,\"logprobs\":[-1]}";
        String sources = "[{\"server\":{\"host\":\"127.0.0.1\",\"port\":1,\"certificate\":\"\"},"
                + "\"ranges\":[{\"offset\":0,\"length\":4}],\"checksums\":[5]}]";
        String offer =
                "\"offer\":{\"version\":0,\"digest\":\"aa\",\"sources\":" + sources + ",\"canary\":" + canary + "}";
        return List.of(
                command("hello", GENERATOR + ",\"pid\":7,\"host\":\"h\""),
                command("hello", VERIFIER + ",\"pid\":8,\"host\":\"h\""),
                command("hello", TRAINER + ",\"pid\":9,\"host\":\"h\""),
                command("stepped", TRAINER + ",\"report\":null," + offer + "," + PULSE + ",\"numerics\":\"cpu\""),
                command("swapped", GENERATOR + ",\"version\":0,\"canaryKl\":1e-9,\"seconds\":0.5"),
                command("lease", GENERATOR + ",\"groups\":4," + PULSE),
                command("watch", GENERATOR + ",\"version\":-1,\"resting\":false,\"evaluations\":[1]"),
                command("unable", GENERATOR + ",\"number\":1,\"why\":\"gone\""),
                command("scored", VERIFIER + ",\"group\":0,\"rewards\":[" + reward + "," + reward + "]"),
                command("working", VERIFIER + ",\"groups\":[0,1]"),
                command(
                        "stepped",
                        TRAINER + ",\"report\":" + report + "," + offer + "," + PULSE + ",\"numerics\":null"),
                command(
                        "beat",
                        GENERATOR + ",\"doing\":{\"text\":\"samples\",\"waits\":false,\"moved\":4,\"cpuNanos\":5},"
                                + "\"groups\":[0,1]"));
    }

    private static byte[] command(String name, String request) {
        return utf8("{\"name\":\"" + name + "\",\"request\":{" + request + "}}");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A run with a task of each role, weights and some groups that are leased. */
    private void begin() throws Exception {
        for (int i = 0; i < 6; i++) client.askPatiently(actions.get(i));
    }

    List<Target> all() throws IOException {
        List<byte[]> tickets = List.of(
                command("score", VERIFIER + ",\"kind\":\"MATH\",\"groups\":2," + PULSE),
                command("next", TRAINER + ",\"step\":1," + PULSE),
                command("begun", GENERATOR + ",\"group\":0"));
        byte[] content = GroupArrow.toBytes(groups);
        Parts sound = new Parts(content);
        byte[] head = sound.metadata.toByteArray();
        return List.of(
                target("Flight server, action", actions, client::ask),
                target("Flight server, ticket", tickets, client::fetch),
                put("name", List.of(utf8("deliver")), name -> sound.of(p -> p.name = bytes(name))),
                put("head", List.of(head), metadata -> sound.of(p -> p.metadata = bytes(metadata))),
                put("schema", List.of(sound.schema.toByteArray()), schema -> sound.of(p -> p.schema = bytes(schema))),
                put("batch", List.of(sound.batch.toByteArray()), batch -> sound.of(p -> p.batch = bytes(batch))),
                put("groups", List.of(content), changed -> new Parts(changed).messages()));
    }

    private static ByteString bytes(byte[] bytes) {
        return ByteString.copyFrom(bytes);
    }

    private interface Messages {
        List<Flight.FlightData> of(byte[] input) throws IOException;
    }

    private Target put(String part, List<byte[]> samples, Messages messages) {
        return target("Flight server, " + part + " of a put", samples, input -> client.put(messages.of(input)));
    }

    private Target target(String name, List<byte[]> samples, Target.Reader call) {
        return new Target(
                name,
                samples,
                input -> {
                    if (++inputs % OF_ONE_RUN == 0) {
                        server.check();
                        server.fresh();
                        begin();
                    }
                    call.read(input);
                },
                Set.of(HostileClient.RefusedException.class));
    }

    /** A put in the parts that Flight sends. */
    private static final class Parts {
        private ByteString name = bytes(utf8("deliver"));
        private ByteString schema;
        private ByteString batch;
        private ByteString metadata;
        private ByteString body;

        Parts(byte[] content) throws IOException {
            ByteBuffer stream = ByteBuffer.wrap(stream(content)).order(ByteOrder.LITTLE_ENDIAN);
            schema = message(stream);
            batch = message(stream);
            body = ByteString.copyFrom(stream.slice(stream.position(), stream.remaining() - 2 * Integer.BYTES));
            metadata = bytes(utf8("{\"bytes\":" + content.length + ",\"head\":{" + GENERATOR + "," + PULSE + "}}"));
        }

        private Parts(Parts other) {
            name = other.name;
            schema = other.schema;
            batch = other.batch;
            metadata = other.metadata;
            body = other.body;
        }

        /** The same with a change. */
        List<Flight.FlightData> of(Consumer<Parts> change) {
            Parts changed = new Parts(this);
            change.accept(changed);
            return changed.messages();
        }

        List<Flight.FlightData> messages() {
            return List.of(
                    Flight.FlightData.newBuilder()
                            .setFlightDescriptor(Flight.FlightDescriptor.newBuilder()
                                    .setType(Flight.FlightDescriptor.DescriptorType.CMD)
                                    .setCmd(name))
                            .setDataHeader(schema)
                            .build(),
                    Flight.FlightData.newBuilder()
                            .setDataHeader(batch)
                            .setAppMetadata(metadata)
                            .setDataBody(body)
                            .build());
        }

        /** The next message's metadata, behind the mark of a message and its length. */
        private static ByteString message(ByteBuffer stream) {
            stream.getInt();
            byte[] bytes = new byte[stream.getInt()];
            stream.get(bytes);
            return bytes(bytes);
        }

        private static byte[] stream(byte[] content) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (BufferAllocator allocator = new RootAllocator();
                    VectorSchemaRoot root = VectorSchemaRoot.create(BYTES, allocator);
                    ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(bytes))) {
                UInt1Vector column = (UInt1Vector) root.getVector(0);
                column.allocateNew(content.length);
                for (int i = 0; i < content.length; i++) column.set(i, content[i]);
                root.setRowCount(content.length);
                writer.start();
                writer.writeBatch();
                writer.end();
            }
            return bytes.toByteArray();
        }
    }

    /** After the last input, what is checked between two runs. */
    void check() throws Exception {
        server.check();
    }

    @Override
    public void close() throws Exception {
        client.close();
        server.close();
    }
}
