#!/bin/sh
# Stands before git on the PATH of a process under test. It numbers the git processes of a run, writes down what each
# was asked, and hurts the one with the number $CRASH_AT as $CRASH_HOW says; every other becomes the real git.
n=1
set -C
until { command : > "$CRASH_DIR/$n"; } 2> /dev/null; do n=$((n + 1)); done
set +C
printf '%s ' "$@" > "$CRASH_DIR/$n"
PATH=$CRASH_PATH

end_engine() { kill -9 "$CRASH_ENGINE"; }

[ "$CRASH_HOW" = survey ] && exec strace -f -y -qq --seccomp-bpf -o "$CRASH_DIR/$n.calls" -e "trace=$CRASH_CALLS" git "$@"
[ "$n" = "$CRASH_AT" ] || exec git "$@"
: > "$CRASH_DIR/reached"
inject="inject=$CRASH_CALL:signal=KILL:when=$CRASH_NTH"
case $CRASH_HOW in
  engine-before) end_engine; exec git "$@" ;;
  engine-beside) end_engine; sleep 0.3; exec git "$@" ;;
  engine-after) git "$@"; end_engine ;;
  git-before) kill -9 $$ ;;
  git-after) git "$@"; kill -9 $$ ;;
  all-before) end_engine; kill -9 $$ ;;
  git-call) exec strace -f -qq --seccomp-bpf -o /dev/null -e "trace=$CRASH_CALL" -e "$inject" git "$@" ;;
  all-call) strace -f -qq --seccomp-bpf -o /dev/null -e "trace=$CRASH_CALL" -e "$inject" git "$@"; end_engine ;;
  delete-before) mv "$CRASH_WORKTREE" "$CRASH_DIR/deleted"; exec git "$@" ;;
  *) echo "unknown: $CRASH_HOW" >&2; exit 99 ;;
esac
