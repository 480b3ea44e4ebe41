package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tramontane.rewards.Sandbox.Ending;
import io.tramontane.rewards.Sandbox.Job;
import io.tramontane.rewards.Sandbox.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Dangerous system calls one by one, by their number in the kernel's table of x86_64: the filter is what refuses them. All
 * arguments are -1, with which none of them does anything. And the filter read as the kernel reads it: nothing is allowed
 * but what is listed.
 */
@Tag("alone")
class SystemCallsTest {
    private static final int EPERM = 1;
    private static final int ALLOW = 0x7fff0000;
    private static final int DENY = 0x00050000 | EPERM;
    private static final int UNKNOWN = 0x00050000 | 38;
    private static final int KILL = 0x80000000;
    private static final int THREAD = 0x3d0f00;
    private static final String TABLE =
            """
            shmget 29 shmat 30 shmctl 31 shmdt 67 socket 41 connect 42 accept 43 bind 49 listen 50 accept4 288 semget 64
            semop 65 semctl 66 semtimedop 220 msgget 68 msgsnd 69 msgrcv 70 msgctl 71 ptrace 101 process_vm_readv 310
            process_vm_writev 311 kcmp 312 pidfd_getfd 438 syslog 103 uselib 134 personality 135 ustat 136 sysfs 139
            vhangup 153 modify_ldt 154 _sysctl 156 pivot_root 155 chroot 161 mount 165 umount2 166 swapon 167 swapoff 168
            reboot 169 adjtimex 159 settimeofday 164 clock_settime 227 clock_adjtime 305 acct 163 sethostname 170
            setdomainname 171 iopl 172 ioperm 173 create_module 174 init_module 175 delete_module 176
            get_kernel_syms 177 query_module 178 finit_module 313 quotactl 179 nfsservctl 180 lookup_dcookie 212
            quotactl_fd 443 mbind 237 set_mempolicy 238 migrate_pages 256 move_pages 279 mq_open 240 mq_unlink 241
            mq_timedsend 242 mq_timedreceive 243 mq_notify 244 mq_getsetattr 245 kexec_load 246 kexec_file_load 320
            add_key 248 request_key 249 keyctl 250 unshare 272 setns 308 perf_event_open 298 fanotify_init 300
            fanotify_mark 301 name_to_handle_at 303 open_by_handle_at 304 memfd_create 319 bpf 321 userfaultfd 323
            memfd_secret 447 io_uring_setup 425 io_uring_enter 426 io_uring_register 427 open_tree 428 move_mount 429
            fsopen 430 fsconfig 431 fsmount 432 fspick 433 mount_setattr 442 vmsplice 278 splice 275 tee 276 sendmsg 46
            recvmsg 47 setsockopt 54 inotify_init1 294 inotify_add_watch 254 timer_create 222 io_setup 206 setxattr 188
            rt_sigqueueinfo 129 sync 162 syncfs 306 mlockall 151 remap_file_pages 216 mknod 133 seccomp 317 landlock_create_ruleset 444
            pidfd_open 434 process_madvise 440 sched_setscheduler 144 mincore 27 membarrier 324 pkey_alloc 330
            """;
    /** What the kernel answers with EPERM to everybody without capabilities. */
    private static final Set<String> PRIVILEGED = Set.of(
            "syslog",
            "vhangup",
            "pivot_root",
            "chroot",
            "mount",
            "umount2",
            "swapon",
            "swapoff",
            "reboot",
            "adjtimex",
            "settimeofday",
            "clock_settime",
            "clock_adjtime",
            "acct",
            "sethostname",
            "setdomainname",
            "iopl",
            "ioperm",
            "init_module",
            "delete_module",
            "finit_module",
            "quotactl",
            "quotactl_fd",
            "lookup_dcookie",
            "kexec_load",
            "kexec_file_load",
            "perf_event_open",
            "fanotify_init",
            "fanotify_mark",
            "open_by_handle_at",
            "bpf",
            "userfaultfd",
            "open_tree",
            "move_mount",
            "fsopen",
            "fsconfig",
            "fsmount",
            "fspick",
            "mount_setattr",
            "io_uring_setup",
            "io_uring_enter",
            "io_uring_register",
            "sched_setscheduler",
            "mlockall");

    private static Map<String, Integer> with;
    private static Map<String, Integer> without;

    @BeforeAll
    static void callThemAll() throws IOException {
        SandboxForTests.open().close(); // skips without a sandbox
        Set<Guard> guards = EnumSet.allOf(Guard.class);
        with = errors(guards);
        guards.remove(Guard.SYSTEM_CALLS);
        without = errors(guards);
    }

    static Stream<String> names() {
        return table().keySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void isRefusedByTheFilterAndByNothingElse(String name) {
        assertEquals(EPERM, with.get(name));
        if (!PRIVILEGED.contains(name)) assertNotEquals(EPERM, without.get(name));
    }

    @Test
    void nothingIsAllowedButWhatIsListed() {
        for (boolean mayFork : new boolean[] {false, true}) {
            byte[] filter = SeccompFilter.assemble(mayFork);
            TreeSet<Integer> allowed = new TreeSet<>();
            for (int number = 0; number < 1 << 16; number++)
                if (verdict(filter, number, -1, -1) == ALLOW) allowed.add(number);
            TreeSet<Integer> expected = new TreeSet<>(SystemCalls.allowed().values());
            if (mayFork) expected.addAll(Set.of(57, 58)); // fork, vfork
            assertEquals(expected, allowed);
        }
    }

    @Test
    void callsNewerThanTheListAreUnknownAndThoseOfOtherTablesKill() {
        byte[] filter = SeccompFilter.assemble(true);
        assertEquals(DENY, verdict(filter, SystemCalls.LAST_KNOWN, 0, 0));
        assertEquals(UNKNOWN, verdict(filter, SystemCalls.LAST_KNOWN + 1, 0, 0));
        assertEquals(UNKNOWN, verdict(filter, 435, 0, 0)); // clone3
        assertEquals(KILL, verdict(filter, 0x40000000, 0, 0));
        assertEquals(KILL, verdict(filter, -1, 0, 0));
    }

    @Test
    void argumentsDecideWhereTheyMatter() {
        byte[] filter = SeccompFilter.assemble(false);
        assertEquals(ALLOW, verdict(filter, 56, THREAD, 0)); // clone as the C library calls it
        assertEquals(DENY, verdict(filter, 56, THREAD & ~0x400, 0), "a thread with files of its own");
        assertEquals(DENY, verdict(filter, 56, 17, 0), "a process");
        assertEquals(DENY, verdict(filter, 56, THREAD | 0x10000000, 0), "a user namespace");
        assertEquals(ALLOW, verdict(SeccompFilter.assemble(true), 56, 17, 0));
        assertEquals(DENY, verdict(SeccompFilter.assemble(true), 56, 17 | 0x40000000, 0), "a network namespace");
        assertEquals(ALLOW, verdict(filter, 16, 0, 0x5401)); // is it a terminal?
        assertEquals(DENY, verdict(filter, 16, 0, 0x5412), "terminal injection");
        assertEquals(ALLOW, verdict(filter, 72, 0, 4)); // flags of a descriptor
        assertEquals(DENY, verdict(filter, 72, 0, 1031), "a larger pipe");
        assertEquals(DENY, verdict(filter, 72, 0, 6), "a lock");
        assertEquals(ALLOW, verdict(filter, 53, 1, 1)); // a pair of sockets, as asyncio wants it
        assertEquals(DENY, verdict(filter, 53, 2, 1), "a pair of another family");
        assertEquals(ALLOW, verdict(filter, 302, 0, 0)); // limits of its own
        assertEquals(DENY, verdict(filter, 302, 1, 0), "limits of pid 1");
        assertEquals(ALLOW, verdict(filter, 157, 15, 0)); // the name of a thread
        assertEquals(DENY, verdict(filter, 157, 22, 2), "another filter");
    }

    private static Map<String, Integer> table() {
        Map<String, Integer> numbers = new TreeMap<>();
        String[] words = TABLE.strip().split("\\s+");
        for (int i = 0; i < words.length; i += 2) numbers.put(words[i], Integer.valueOf(words[i + 1]));
        return numbers;
    }

    /** The number of the error that each call ends with; 0 for those that end well. */
    private static Map<String, Integer> errors(Set<Guard> guards) throws IOException {
        StringBuilder source = new StringBuilder("import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n");
        source.append("libc.syscall.argtypes = [ctypes.c_long] * 7\nfor name, number in (");
        table().forEach((name, number) -> source.append("('%s', %d), ".formatted(name, number)));
        source.append("):\n    ctypes.set_errno(0)\n    result = libc.syscall(number, -1, -1, -1, -1, -1, -1)\n");
        source.append("    print(name, ctypes.get_errno() if result == -1 else 0, flush=True)\n");
        Path folder = Bubblewrap.readableFolder();
        try (Bubblewrap sandbox = Bubblewrap.open(guards)) {
            Files.writeString(folder.resolve("program.py"), source);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            List<String> command = List.of(Programs.PYTHON, "-s", "-S", "-B", "/job/program.py");
            Result result = sandbox.run(new Job(command, folder, null, new byte[0], out, SandboxForTests.ONE_SECOND));
            assertNotEquals(Ending.FAULT, result.ending(), result.toString());
            Map<String, Integer> errors = new TreeMap<>();
            out.toString(StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> errors.put(line.split(" ")[0], Integer.valueOf(line.split(" ")[1])));
            assertEquals(table().keySet(), errors.keySet(), result.stderr());
            return errors;
        } finally {
            Bubblewrap.delete(folder);
        }
    }

    /** Runs the filter as the kernel would: load, and, jumps on equal, above, at least, any bit; return. */
    private static int verdict(byte[] filter, int number, int first, int second) {
        ByteBuffer program = ByteBuffer.wrap(filter).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, Integer> data = Map.of(0, number, 4, 0xC000003E, 16, first, 24, second);
        int accumulator = 0;
        for (int at = 0; ; at++) {
            int code = program.getShort(8 * at);
            int k = program.getInt(8 * at + 4);
            if (code == 0x06) return k;
            if (code == 0x20) accumulator = data.get(k);
            else if (code == 0x54) accumulator &= k;
            else {
                boolean jumps =
                        switch (code) {
                            case 0x15 -> accumulator == k;
                            case 0x25 -> Integer.compareUnsigned(accumulator, k) > 0;
                            case 0x35 -> Integer.compareUnsigned(accumulator, k) >= 0;
                            case 0x45 -> (accumulator & k) != 0;
                            default -> throw new AssertionError("instruction " + code);
                        };
                at += program.get(8 * at + (jumps ? 2 : 3)) & 0xFF;
            }
        }
    }
}
