import { execute } from '../../execute.mjs'
import { ENVIRONMENT } from './git.mjs'
import { CHECKED_OUT, ELSEWHERE } from './protocol.mjs'

const OLD_FILES = 60

/** Makes the repository, and has all of it on the disk. */
export function makeRepository(repo) {
  const script = `
    git init --quiet --initial-branch ${CHECKED_OUT} "$0"
    cd "$0"
    git config user.name Somebody
    git config user.email somebody@example.org
    mkdir old
    for number in $(seq 100 ${100 + OLD_FILES}); do seq -f "old $number %g" 300 > old/$number; done
    git add --all
    git commit --quiet --message first
    git branch ${ELSEWHERE}
    sync --file-system .`
  execute('sh', ['-euc', script, repo], { env: ENVIRONMENT })
}
