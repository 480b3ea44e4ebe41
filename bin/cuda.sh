# Sourced by bin/tramontane after setup.sh: where this machine has an NVIDIA driver, PyTorch's CUDA build instead of the CPU's. Its
# libraries are those of PyPI's wheels, fetched once.

CUDA_WHEELS=$ROOT/conf/cuda-wheels.txt
CUDA_SIZE='2.8 GB, 4.4 GB unpacked'
CUDA_MEGABYTES=8000 # the wheels and what they unpack to lie side by side for a while

# What gives a driver away; nothing where there is none.
nvidia_driver() {
  local folder folders
  if command -v nvidia-smi >/dev/null; then echo nvidia-smi; return; fi
  if [ -e /proc/driver/nvidia ]; then echo /proc/driver/nvidia; return; fi
  IFS=: read -r -a folders <<<"${LD_LIBRARY_PATH:-}:/usr/lib/wsl/lib"
  for folder in "${folders[@]}"; do
    if [ -n "$folder" ] && [ -e "$folder/libcuda.so.1" ]; then echo "$folder/libcuda.so.1"; return; fi
  done
  if { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -q 'libcuda\.so\.1 '; then echo libcuda.so.1; fi
}

# True for commands that compute with a policy.
computes() {
  case ${1:-} in
    train | sft | generate | serve | evaluate | logprobs | experiment | analyse | replay) ;;
    bench) case ${2:-} in model | serve | plan | device | ranks) ;; *) return 1 ;; esac ;;
    *) return 1 ;;
  esac
  case " $* " in *" --help "* | *" -h "* | *" --dry-run "*) return 1 ;; esac
}

# The key device of the section cluster in a recipe.
device_in() { awk '/^[^ #]/ { inside = /^cluster:/ } inside && $1 == "device:" { gsub(/["'\'']/, "", $2); print $2 }' "$1"; }

# True if the arguments keep the command on the CPU: --device cpu, or cluster.device of --set and of the recipe.
stays_on_cpu() {
  local recipe='' run='' resume='' set='' option=''
  while [ $# -gt 0 ]; do
    case $1 in --*=*) option=${1%%=*} && set -- "$option" "${1#*=}" "${@:2}" ;; esac
    case $1 in
      --config) recipe=${2:-} ;;
      --run) run=${2:-} ;;
      --resume) resume=1 ;;
      --set) case ${2:-} in cluster.device=*) set=${2#cluster.device=} ;; esac ;;
      --device) set=${2:-} ;;
    esac
    shift
  done
  [ -z "$resume" ] || recipe=$run/config.yaml
  if [ -z "$set" ] && [ -f "$recipe" ]; then set=$(device_in "$recipe"); fi
  [ "$set" = cpu ]
}

# Fails with the cure of a machine that has a driver and no libraries for it.
no_cuda() {
  fail "this machine has an NVIDIA driver ($NVIDIA_DRIVER), but PyTorch's CUDA libraries ($CUDA_SIZE) $1;" \
    "to compute on the CPU instead: TRAMONTANE_DEVICE=cpu"
}

# The call of pip that fetches them into a folder; any Python's pip will do. Sets PIP.
set_pip() {
  PIP=(python3 -m pip install --target "$1" --no-deps --no-compile --no-cache-dir --upgrade --disable-pip-version-check
    --only-binary=:all: --require-hashes --implementation cp --python-version 3.11 --platform manylinux_2_28_x86_64
    --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 --platform manylinux_2_12_x86_64
    --platform manylinux2010_x86_64 -r "$CUDA_WHEELS")
  [ -z "${TRAMONTANE_CUDA_WHEELS:-}" ] || PIP+=(--no-index --find-links "$TRAMONTANE_CUDA_WHEELS")
}

# Fetches the libraries into folder $1. It is whole when it has the file "whole", so a killed download counts for nothing.
fetch_cuda() {
  local folder=$1 part=$1.part log=$1.log begun=$SECONDS free from
  set_pip "$folder"
  local command
  command=$(printf '%q ' "${PIP[@]}")"&& touch $(printf '%q' "$folder/whole")"
  [ -z "${TRAMONTANE_NO_INSTALL:-}" ] || no_cuda "are not here; fetch them with: $command"
  [ "$(uname -sm)" = 'Linux x86_64' ] || no_cuda "are for Linux on x86_64 only, this is $(uname -sm)"
  python3 -m pip --version >/dev/null 2>&1 ||
    no_cuda "cannot be fetched without pip (Debian: apt-get install python3-pip)"
  from=${TRAMONTANE_CUDA_WHEELS:-PyPI}
  rm -rf "$folder" "$part"
  free=$(df -Pm "$(dirname "$folder")" | awk 'NR == 2 { print $4 }')
  [ "${free:-0}" -ge "$CUDA_MEGABYTES" ] ||
    no_cuda "need $CUDA_MEGABYTES MB in $(dirname "$folder"), free are $free (DJL_CACHE_DIR names another folder)"
  say "NVIDIA driver: $NVIDIA_DRIVER. Fetching PyTorch's CUDA libraries ($CUDA_SIZE) once from $from into $folder ..."
  mkdir -p "$part/tmp"
  set_pip "$part"
  TMPDIR=$part/tmp "${PIP[@]}" >"$log" 2>&1 </dev/null 7>&- || {
    rm -rf "$part"
    no_cuda "could not be fetched (output: $log); fetch them with: $command"
  }
  rm -rf "$part/tmp" "$log"
  touch "$part/whole"
  mv "$part" "$folder"
  say "fetched in $((SECONDS - begun)) s"
}

# Sets what fits the libraries in PYTORCH_LIBRARY_PATH: PYTORCH_FLAVOR, and CUDA_RUNTIME, with which DJL counts GPUs. GPUs get the numbers
# that nvidia-smi and Spark's discovery script give them.
set_flavor() {
  [ -e "$PYTORCH_LIBRARY_PATH/libtorch_cuda.so" ] || return 0
  export PYTORCH_FLAVOR=${PYTORCH_FLAVOR:-cu128} CUDA_DEVICE_ORDER=${CUDA_DEVICE_ORDER:-PCI_BUS_ID}
  local runtime=$PYTORCH_LIBRARY_PATH/../../nvidia/cuda_runtime/lib
  if [ -d "$runtime" ]; then CUDA_RUNTIME=$(cd "$runtime" && pwd); fi
}

# The libraries of this list, fetched by the first launcher that needs them.
cached_cuda() {
  local cache=${DJL_CACHE_DIR:-$HOME/.djl.ai} list folder
  list=$(sha256sum "$CUDA_WHEELS")
  folder=$cache/cuda-${list:0:12}
  export PYTORCH_LIBRARY_PATH=$folder/torch/lib
  if [ -f "$folder/whole" ]; then return 0; fi
  mkdir -p "$cache"
  exec 7>"$cache/cuda.lock"
  ! command -v flock >/dev/null || flock 7
  [ -f "$folder/whole" ] || fetch_cuda "$folder"
  exec 7>&-
}

# Sets what the program and its executors load. Libraries of the user's own in PYTORCH_LIBRARY_PATH are taken as they are.
use_cuda() {
  NVIDIA_DRIVER='' CUDA_RUNTIME=''
  case ${TRAMONTANE_DEVICE:-auto} in
    auto | cpu) ;;
    *) say "tramontane: TRAMONTANE_DEVICE $TRAMONTANE_DEVICE, allowed auto, cpu" && exit 2 ;;
  esac
  if computes "$@" && stays_on_cpu "$@"; then export TRAMONTANE_DEVICE=cpu; fi
  if computes "$@" && [ "${TRAMONTANE_DEVICE:-auto}" = auto ]; then
    NVIDIA_DRIVER=$(nvidia_driver)
    if [ -n "$NVIDIA_DRIVER" ] && [ -z "${PYTORCH_LIBRARY_PATH:-}" ]; then cached_cuda; fi
  fi
  if [ -n "${PYTORCH_LIBRARY_PATH:-}" ]; then set_flavor; fi
}
