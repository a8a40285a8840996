import { attempted, faultOf, numbered } from './places.mjs'
import { toBeFailed } from './scenarios.mjs'

/**
 * What can fail, and how. A disk that failed to sync or to write once may go on failing: then `lasts` says so.
 * Closing and unlocking are left out, since no local file system fails there.
 */
const FAULTS = {
  sync: { calls: ['fdatasync', 'fsync', 'sync_file_range', 'syncfs'], errors: ['EIO'], lasts: true },
  write: {
    calls: ['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2', 'fallocate', 'ftruncate'],
    errors: ['ENOSPC', 'EIO'],
    lasts: true,
  },
  name: {
    calls: ['mkdir', 'openat', 'rename', 'renameat2', 'link', 'unlink'],
    errors: ['ENOSPC', 'EACCES', 'EIO'],
    lasts: false,
  },
  read: {
    calls: ['read', 'readv', 'pread64', 'preadv', 'getdents64', 'statx', 'newfstatat', 'fstat'],
    errors: ['EIO'],
    lasts: false,
  },
}

/** A case for every call on the log's files that can fail, for each error, and for failing from there on. */
export async function errorCases(stage) {
  const cases = []
  for (const [name, scenario] of Object.entries(toBeFailed)) {
    const survey = await stage.survey(scenario)
    for (const place of numbered(survey)) {
      for (const { group, error, lasting } of faultsOf(place)) {
        const { thread, call, nth } = place
        cases.push({
          id: `error/${name}/${thread}/${call}/${nth}${lasting ? '+' : ''}/${error}`,
          group: `error/${group}`,
          run: () => fail(stage, scenario, { survey, place, error, lasting }),
        })
      }
    }
  }
  return cases
}

function faultsOf({ call, isOnFile }) {
  if (!isOnFile) return []
  return Object.entries(FAULTS)
    .filter(([, { calls }]) => calls.includes(call))
    .flatMap(([group, { errors, lasts }]) =>
      errors.flatMap((error) =>
        (lasts ? [false, true] : [false]).map((lasting) => ({ group, error, lasting })),
      ),
    )
}

async function fail(stage, scenario, { survey, place, error, lasting }) {
  const fault = faultOf(survey, place, `error=${error}`, lasting)
  return attempted(async () => {
    const run = await stage.run(scenario, fault)
    const { ledger, calls } = run
    const broken = stage.judge(scenario, run)
    if (!ledger.isDone) broken.push('the process did not do all its steps')
    const injected = calls.findIndex(({ text }) => text.endsWith('(INJECTED)')) + 1
    const isReached = injected === place.nth
    if (isReached && FAULTS.sync.calls.includes(place.call) && !ledger.hasToldFailure)
      broken.push('a sync failed, and nobody was told')
    return { kind: `${error} from ${lasting ? 'every' : 'one'} ${place.call}`, ledger, broken, isReached }
  })
}
