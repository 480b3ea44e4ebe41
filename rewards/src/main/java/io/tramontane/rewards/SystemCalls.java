package io.tramontane.rewards;

import java.util.Map;
import java.util.TreeMap;

/**
 * The system calls of x86_64 that a program in the sandbox may make, by name and number: what CPython, the C and C++
 * libraries, the compiler and its linker were traced to use, and their older and newer forms. What is missing is missing
 * on purpose: whoever adds a call says how much memory of the kernel a program can hold with it, and what bounds that.
 * {@link SeccompFilter} looks at the arguments of a few more.
 */
final class SystemCalls {
    /** Newer calls than these are unknown here. */
    static final int LAST_KNOWN = 462;

    private static final String FILES =
            """
            read 0 write 1 open 2 close 3 stat 4 fstat 5 lstat 6 poll 7 lseek 8 pread64 17 pwrite64 18 readv 19 writev 20
            access 21 pipe 22 select 23 dup 32 dup2 33 sendfile 40 flock 73 fsync 74 fdatasync 75 truncate 76 ftruncate 77
            getdents 78 getcwd 79 chdir 80 fchdir 81 rename 82 mkdir 83 rmdir 84 creat 85 link 86 unlink 87 symlink 88
            readlink 89 chmod 90 fchmod 91 chown 92 fchown 93 lchown 94 umask 95 utime 132 statfs 137 fstatfs 138
            getxattr 191 lgetxattr 192 fgetxattr 193 listxattr 194 llistxattr 195 flistxattr 196 epoll_create 213
            getdents64 217 fadvise64 221 epoll_wait 232 epoll_ctl 233 utimes 235 openat 257 mkdirat 258 fchownat 260
            futimesat 261 newfstatat 262 unlinkat 263 renameat 264 linkat 265 symlinkat 266 readlinkat 267 fchmodat 268
            faccessat 269 pselect6 270 ppoll 271 utimensat 280 epoll_pwait 281 signalfd 282 timerfd_create 283 eventfd 284
            fallocate 285 timerfd_settime 286 timerfd_gettime 287 signalfd4 289 eventfd2 290 epoll_create1 291 dup3 292
            pipe2 293 preadv 295 pwritev 296 renameat2 316 copy_file_range 326 preadv2 327 pwritev2 328 statx 332
            close_range 436 openat2 437 faccessat2 439 epoll_pwait2 441
            """;

    private static final String MEMORY = "mmap 9 mprotect 10 munmap 11 brk 12 mremap 25 msync 26 madvise 28";

    private static final String PROCESS =
            """
            rt_sigaction 13 rt_sigprocmask 14 rt_sigreturn 15 sched_yield 24 pause 34 nanosleep 35 getitimer 36 alarm 37
            setitimer 38 getpid 39 execve 59 exit 60 wait4 61 kill 62 uname 63 gettimeofday 96 getrlimit 97 getrusage 98
            sysinfo 99 times 100 getuid 102 getgid 104 geteuid 107 getegid 108 setpgid 109 getppid 110 getpgrp 111
            setsid 112 getgroups 115 getresuid 118 getresgid 120 getpgid 121 getsid 124 rt_sigpending 127
            rt_sigtimedwait 128 rt_sigsuspend 130 sigaltstack 131 getpriority 140 setpriority 141 sched_getparam 143
            sched_getscheduler 145 sched_get_priority_max 146 sched_get_priority_min 147 sched_rr_get_interval 148
            arch_prctl 158 setrlimit 160 gettid 186 tkill 200 time 201 futex 202 sched_setaffinity 203
            sched_getaffinity 204 set_tid_address 218 restart_syscall 219 clock_gettime 228 clock_getres 229
            clock_nanosleep 230 exit_group 231 tgkill 234 waitid 247 set_robust_list 273 get_robust_list 274 getcpu 309
            getrandom 318 execveat 322 rseq 334
            """;

    /** Between the two ends of a socket pair, which needs no network. */
    private static final String SOCKET_PAIRS =
            "sendto 44 recvfrom 45 shutdown 48 getsockname 51 getpeername 52 getsockopt 55";

    private SystemCalls() {}

    /** Allowed whatever their arguments, number by name. */
    static Map<String, Integer> allowed() {
        Map<String, Integer> numbers = new TreeMap<>();
        String[] words =
                String.join(" ", FILES, MEMORY, PROCESS, SOCKET_PAIRS).strip().split("\\s+");
        for (int i = 0; i < words.length; i += 2) numbers.put(words[i], Integer.valueOf(words[i + 1]));
        return numbers;
    }
}
