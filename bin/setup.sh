# Sourced by bin/tramontane and bin/verify: finds Java, builds what is stale, installs the sandbox's tools.
# All messages go to standard error, so that standard output has the command's output only.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
DIST=$ROOT/app/target/dist
STAMP=$ROOT/app/target/built
ARCHIVES=$DIST/archive
REHEARSAL='train --set trainer.steps=1 --set evaluation.problems=0' # loads what most commands load

say() { printf '%s\n' "$*" >&2; }

# Ends with status 1: a failure of the program or the machine, not bad input.
fail() { say "tramontane: $*"; exit 1; }

# Java names files in the locale's encoding: in the C locale, as in Docker, it cannot open a path with an umlaut.
use_utf8() {
  local charmap
  charmap=$(locale charmap 2>/dev/null || true)
  case ${charmap:-${LC_ALL:-${LC_CTYPE:-${LANG:-}}}} in
    '' | C | POSIX | ANSI_X3.4-1968 | US-ASCII) export LC_ALL=C.UTF-8 ;;
  esac
}

# Sets JAVA to a Java of at least 17.
find_java() {
  JAVA=java
  [ -z "${JAVA_HOME:-}" ] || JAVA=$JAVA_HOME/bin/java
  command -v "$JAVA" >/dev/null ||
    fail "no Java found ($JAVA); install a JDK 17 (Debian: apt-get install openjdk-17-jdk-headless) or set JAVA_HOME"
  local version
  version=$("$JAVA" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
  [ "${version:-0}" -ge 17 ] || fail "$JAVA is version ${version:-unknown}, needed is 17 or newer; set JAVA_HOME"
}

# Tools that only the build needs.
find_build_tools() {
  local javac=javac
  [ -z "${JAVA_HOME:-}" ] || javac=$JAVA_HOME/bin/javac
  command -v "$javac" >/dev/null ||
    fail "no $javac: a build needs a JDK 17, not only a runtime (Debian: apt-get install openjdk-17-jdk-headless)"
  command -v mvn >/dev/null || fail "no mvn found; install Maven 3.8 or newer (Debian: apt-get install maven)"
}

# True when nothing that goes into the dist is newer than the last build.
is_built() {
  [ -f "$STAMP" ] && [ -z "$(find "$ROOT"/*/src/main "$ROOT"/pom.xml "$ROOT"/*/pom.xml -newer "$STAMP" -print -quit)" ]
}

# Removes the jars after a dependency changed, since old ones would stay on the class path.
drop_stale_jars() {
  [ -f "$STAMP" ] && [ -z "$(find "$ROOT"/pom.xml "$ROOT"/*/pom.xml -newer "$STAMP" -print -quit)" ] || rm -rf "$DIST/jars"
}

# One quiet Maven call; two launchers at the same time build once.
build() {
  [ -z "${TRAMONTANE_SKIP_BUILD:-}" ] || return 0
  if is_built; then return 0; fi
  find_build_tools
  mkdir -p "$ROOT/app/target"
  exec 9>"$ROOT/app/target/build.lock"
  ! command -v flock >/dev/null || flock 9
  if is_built; then exec 9>&-; return 0; fi
  local log=$ROOT/app/target/build.log begun=$SECONDS
  say "building (the first time downloads about 0.5 GB from Maven Central) ..."
  drop_stale_jars
  touch "$STAMP.new"
  if ! (cd "$ROOT" && mvn -q -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true package) >"$log" 2>&1 </dev/null 9>&-; then
    tail -n 25 "$log" >&2
    fail "the build failed after $((SECONDS - begun)) s; all of its output: $log"
  fi
  mv "$STAMP.new" "$STAMP"
  say "built in $((SECONDS - begun)) s"
  exec 9>&-
}

# Unpacks the native libraries once, so that several processes do not unpack at the same time.
unpack_natives() {
  local cache=${DJL_CACHE_DIR:-$HOME/.djl.ai}
  local ready=$cache/tramontane${PYTORCH_FLAVOR:+-$PYTORCH_FLAVOR}.ready
  if [ -f "$ready" ] && [ ! "$STAMP" -nt "$ready" ]; then return 0; fi
  mkdir -p "$cache"
  exec 8>"$cache/tramontane.lock"
  ! command -v flock >/dev/null || flock 8
  if [ ! -f "$ready" ] || [ "$STAMP" -nt "$ready" ]; then
    local why
    why=$("$JAVA" "@$DIST/conf/java.opts" -cp "$DIST/conf:$DIST/jars/*" io.tramontane.app.cli.NativeLibraries 2>&1 8>&-) ||
      no_natives "$cache" "$why"
    touch "$ready"
  fi
  exec 8>&-
}

# Fails with what can be done.
no_natives() {
  [ -z "${NVIDIA_DRIVER:-}" ] || fail "PyTorch's CUDA libraries could not be loaded ($2): is the NVIDIA driver" \
    "($NVIDIA_DRIVER) whole? To compute on the CPU instead: TRAMONTANE_DEVICE=cpu"
  fail "the native libraries could not be unpacked into $1 ($2)"
}

# Class-data sharing: classes of the libraries as the JVM keeps them in memory, in one file that it maps at a start. Sets LIBRARIES (the
# class path that they were loaded from, which must come first) and CLASS_ARCHIVE; both are empty where there is no such file, and then
# every class is read from its jar. The name of the file says what it was made from: other jars or another JVM get another file.
use_class_archive() {
  LIBRARIES='' CLASS_ARCHIVE=''
  local jar jars=() own=("$DIST"/jars/tramontane-app-*.jar) virtual_machine key
  for jar in "$DIST"/jars/*.jar; do
    case $jar in *-"${own[0]##*-app-}") ;; *) jars+=("$jar") ;; esac # ours change with every build
  done
  virtual_machine=$(dirname "$(dirname "$(readlink -f "$(command -v "$JAVA")")")")/lib/server/libjvm.so
  key=$(stat -L -c '%n %s %Y' "$virtual_machine" "${jars[@]}" 2>/dev/null | cksum) || return 0
  local archive=$ARCHIVES/${key// /-}.jsa libraries
  libraries=$(IFS=:; printf '%s' "${jars[*]}")
  if [ ! -f "$archive" ]; then
    [ -z "${TRAMONTANE_SKIP_BUILD:-}${ANSWERS_AT_ONCE:-}" ] && make_class_archive "$archive" "$libraries" || return 0
  fi
  LIBRARIES=$libraries CLASS_ARCHIVE=$archive
}

# Runs REHEARSAL to learn which classes a run takes, and writes them. A folder that cannot be written, or another process at work
# here: not now. One that failed is tried again with the next build of ours.
make_class_archive() {
  local archive=$1 libraries=$2 folder=$ARCHIVES work common begun=$SECONDS
  if [ "$archive.failed" -nt "${own[0]}" ] || ! command -v flock >/dev/null; then return 1; fi
  if ! mkdir -p "$folder" 2>/dev/null || [ ! -w "$folder" ]; then return 1; fi
  { exec 7>"$folder/lock"; } 2>/dev/null && flock -n 7 || return 1
  if [ -f "$archive" ]; then exec 7>&-; return 0; fi
  rm -rf "$folder"/making-* "$folder"/*.jsa "$folder"/*.failed
  work=$(mktemp -d "$folder/making-XXXXXX")
  common=("@$DIST/conf/java.opts" -XX:TieredStopAtLevel=1 -XX:MaxRAMPercentage=30 -Djava.io.tmpdir="$work")
  say "preparing the classes of the libraries for faster starts, once ..."
  # shellcheck disable=SC2086
  if (cd "$work" && env OMP_NUM_THREADS=1 SPARK_HOME="$DIST" SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=127.0.0.1 TRAMONTANE_DEVICE=cpu \
      timeout 300 "$JAVA" "${common[@]}" -XX:+UseSerialGC -XX:DumpLoadedClassList="$work/classes" -Dtramontane.root="$ROOT" \
      -cp "$libraries:$DIST/jars/*:$DIST/conf" io.tramontane.app.cli.Tramontane $REHEARSAL) >"$work/log" 2>&1 </dev/null 7>&- &&
    timeout 300 "$JAVA" "${common[@]}" -XX:+UseG1GC -Xshare:dump -XX:SharedClassListFile="$work/classes" \
      -XX:SharedArchiveFile="$work/archive" -cp "$libraries" >>"$work/log" 2>&1 </dev/null 7>&- &&
    sync "$work/archive"; then
    mv "$work/archive" "$archive"
    say "prepared in $((SECONDS - begun)) s"
  else
    mv "$work/log" "$archive.failed"
    say "starts stay slower: $archive.failed says why"
  fi
  rm -rf "$work"
  exec 7>&-
  [ -f "$archive" ]
}

# Programs of models run under bubblewrap, compiled by g++ or run by python3.
sandbox_missing() {
  command -v bwrap >/dev/null || echo bubblewrap
  command -v g++ >/dev/null || echo g++
  command -v python3 >/dev/null || echo python3
}

# Installs them where allowed; otherwise prints the command. Never ends the launcher: the program reports what is missing.
install_sandbox() {
  local missing log sudo=
  missing=$(sandbox_missing | tr '\n' ' ')
  missing=${missing% }
  [ -n "$missing" ] || return 0
  [ "$(id -u)" = 0 ] || sudo=sudo
  if ! command -v apt-get >/dev/null; then
    say "the code sandbox needs $missing: install with this system's package manager"
    return 0
  fi
  local command="${sudo:+sudo }apt-get install -y --no-install-recommends $missing"
  if [ -n "${TRAMONTANE_NO_INSTALL:-}" ] || { [ -n "$sudo" ] && ! sudo -n true 2>/dev/null; }; then
    say "the code sandbox needs $missing; install with: $command"
    return 0
  fi
  say "installing $missing for the code sandbox: $command"
  log=$(mktemp)
  if {
    $sudo apt-get update -q &&
      $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
  } >"$log" 2>&1 </dev/null; then
    rm -f "$log"
  else
    say "the installation failed (output: $log); install by hand: $command"
  fi
}
