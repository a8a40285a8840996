/**
 * What an agent does in its worktree, as a shell script: commits, then every kind of change that is not committed. The
 * first part ends before the task's checkpoint.
 */
export function agentPart(task, part) {
  return { first, second }[part].replaceAll('TASK', task)
}

const first = `
  echo 'by TASK' > src/by-TASK
  echo committed >> src/file2
  git add --all
  git commit --quiet --message 'first of TASK'
  git mv src/file3 src/moved-by-TASK
  git commit --quiet --message 'second of TASK'
  echo staged >> src/file4
  git add src/file4
  echo 'and not staged' >> src/file4`

const second = `
  echo 'not staged' >> src/file5
  rm src/file6
  git rm --quiet --cached src/file7
  chmod +x src/file8
  chmod -x run.sh
  ln -sfn src/file9 link
  mkdir 'new dir'
  echo untracked > "new dir/$(printf 'odd\\tname \\303\\274')"
  echo 'by TASK' > untracked-by-TASK`
