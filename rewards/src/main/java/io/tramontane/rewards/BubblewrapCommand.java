package io.tramontane.rewards;

import io.tramontane.rewards.Sandbox.Job;
import io.tramontane.rewards.Sandbox.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The command line of a run, {@code sh = setpriv = unshare = sh = bwrap -> prlimit = the
 * program}: which guard is which option. Only
 * {@code FILES} is no option but the absence of one.
 */
final class BubblewrapCommand {
    private static final String NOBODY = "65534";
    private static final String LINKER_CACHE = "/etc/ld.so.cache";
    private static final int STACK_MEGABYTES = 256;
    private static final long MIB = 1L << 20;
    private static final int MOST_FILES = 4096;
    private static final int WAITING_SIGNALS = 64;

    private final Set<Guard> guards;
    private final Job job;
    private final Place place;
    private final List<String> line = new ArrayList<>();

    private BubblewrapCommand(Set<Guard> guards, Job job, Place place) {
        this.guards = guards;
        this.job = job;
        this.place = place;
    }

    /**
     * What a run needs on the host.
     *
     * @param filter on system calls
     * @param status where bubblewrap says what became of the program
     * @param mountPoint an empty folder
     * @param root whether we are root
     */
    record Place(Path filter, Path status, Path mountPoint, boolean root) {}

    /** The words; with fewer than all guards only in tests. */
    static List<String> of(Set<Guard> guards, Job job, Place place) {
        BubblewrapCommand command = new BubblewrapCommand(guards, job, place);
        command.shell();
        if (place.root()) command.with(Guard.OTHER_USER, "/usr/bin/setpriv", "--reuid", NOBODY, "--regid", NOBODY);
        if (place.root()) command.with(Guard.OTHER_USER, "--clear-groups", "--no-new-privs");
        command.countedFiles();
        command.line.add("/usr/bin/bwrap");
        command.namespaces();
        command.environment();
        command.files();
        command.line.addAll(List.of("--json-status-fd", "8"));
        command.with(Guard.SYSTEM_CALLS, "--seccomp", "9");
        command.line.add("--");
        command.limits(job.limits());
        command.line.addAll(job.command());
        return command.line;
    }

    private void with(Guard guard, String... words) {
        if (guards.contains(guard)) line.addAll(List.of(words));
    }

    private void without(Guard guard, String... words) {
        if (!guards.contains(guard)) line.addAll(List.of(words));
    }

    /** The filter comes in as descriptor 9, the status file as 8. */
    private void shell() {
        line.addAll(List.of("/bin/sh", "-c", "f=$1; s=$2; shift 2; exec \"$@\" 8>\"$s\" 9<\"$f\"", "sh"));
        line.addAll(List.of(place.filter().toString(), place.status().toString()));
    }

    /** bubblewrap has no option for the number of files: its /tmp is mounted before it, in a namespace of its own. */
    private void countedFiles() {
        if (!guards.contains(Guard.TMP) || !guards.contains(Guard.FILE_COUNT)) return;
        String size = guards.contains(Guard.TMP_SIZE) ? ",size=" + tmpBytes() : "";
        line.addAll(List.of("/usr/bin/unshare", "--user", "--map-root-user", "--mount"));
        line.addAll(List.of(
                "/bin/sh", "-c", "/usr/bin/mount -n -t tmpfs -o \"$1\" tmpfs \"$2\" && shift 2 && exec \"$@\""));
        line.addAll(List.of("sh", "mode=0755,nosuid,nodev,nr_inodes=" + MOST_FILES + size));
        line.add(place.mountPoint().toString());
    }

    private String tmpBytes() {
        return Long.toString(4 * MIB * job.limits().fileMegabytes());
    }

    private void namespaces() {
        line.add("--unshare-user");
        with(Guard.NO_CAPABILITIES, "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL");
        without(Guard.NO_CAPABILITIES, "--uid", "0", "--gid", "0");
        with(Guard.NETWORK, "--unshare-net");
        with(Guard.PROCESSES, "--unshare-pid");
        with(Guard.IPC, "--unshare-ipc");
        with(Guard.HOSTNAME, "--unshare-uts", "--hostname", "sandbox");
        with(Guard.CONTROL_GROUPS, "--unshare-cgroup-try");
        with(Guard.NO_NAMESPACES, "--disable-userns");
        with(Guard.DIE_WITH_PARENT, "--die-with-parent");
        with(Guard.SESSION, "--new-session");
    }

    private void environment() {
        with(Guard.ENVIRONMENT, "--clearenv");
        line.addAll(List.of("--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/tmp"));
        line.addAll(List.of("--setenv", "LANG", "C.UTF-8", "--setenv", "OMP_NUM_THREADS", "1"));
        line.addAll(List.of("--setenv", "PYTHONHASHSEED", "0"));
    }

    private void files() {
        line.addAll(List.of("--ro-bind", "/usr", "/usr"));
        with(Guard.NO_LOCAL, "--tmpfs", "/usr/local", "--remount-ro", "/usr/local");
        for (String name : List.of("/bin", "/lib", "/lib64")) {
            if (Files.isSymbolicLink(Path.of(name))) line.addAll(List.of("--symlink", "usr" + name, name));
            else if (Files.exists(Path.of(name))) line.addAll(List.of("--ro-bind", name, name));
        }
        without(Guard.FILES, "--ro-bind", "/etc", "/etc");
        line.addAll(List.of("--ro-bind-try", LINKER_CACHE, LINKER_CACHE, "--proc", "/proc"));
        if (guards.contains(Guard.PROCESSES))
            with(Guard.HIDDEN_INIT, "--size", "4096", "--tmpfs", "/proc/1", "--remount-ro", "/proc/1");
        with(Guard.DEV, "--dev", "/dev");
        without(Guard.DEV, "--dev-bind", "/dev", "/dev");
        tmp();
        with(Guard.READ_ONLY_JOB, "--ro-bind", job.folder().toString(), "/job");
        without(Guard.READ_ONLY_JOB, "--bind", job.folder().toString(), "/job");
        if (job.extra() != null) line.addAll(List.of("--ro-bind", job.extra().toString(), "/extra"));
        line.addAll(List.of("--chdir", "/tmp"));
        with(Guard.READ_ONLY_DEV, "--remount-ro", "/dev"); // these two after the last mount
        with(Guard.READ_ONLY_ROOT, "--remount-ro", "/");
    }

    private void tmp() {
        if (!guards.contains(Guard.TMP)) line.addAll(List.of("--bind", "/tmp", "/tmp"));
        else if (guards.contains(Guard.FILE_COUNT))
            line.addAll(List.of("--bind", place.mountPoint().toString(), "/tmp"));
        else {
            with(Guard.TMP_SIZE, "--size", tmpBytes());
            line.addAll(List.of("--tmpfs", "/tmp"));
        }
    }

    private void limits(Limits limits) {
        int files = limits.mayFork() ? 256 : 64;
        line.addAll(List.of("/usr/bin/prlimit", "--stack=" + MIB * STACK_MEGABYTES));
        with(Guard.MEMORY, "--as=" + MIB * limits.memoryMegabytes());
        // the second wall: SandboxRun counts more exactly than the kernel's limit does
        with(Guard.CPU, "--cpu=" + (limits.cpuSeconds() + 1) + ":" + (limits.cpuSeconds() + 2));
        with(Guard.PROCESS_COUNT, "--nproc=" + limits.processes());
        with(Guard.FILE_SIZE, "--fsize=" + MIB * limits.fileMegabytes());
        with(Guard.OPEN_FILES, "--nofile=" + files);
        with(Guard.WAITING_SIGNALS, "--sigpending=" + WAITING_SIGNALS);
        with(Guard.NO_CORE, "--core=0");
        line.add("--");
    }
}
