import { draw } from '../../draw.mjs'
import { controlExperiment } from './control.mjs'
import { RepositoryUnderCuts } from './under-cuts.mjs'

const MOUNT_OPTIONS = ['data=ordered', 'data=writeback']

/** How often the power of one disk is cut, so that a cut also comes after one that was recovered from. */
const CUTS_PER_DISK = 3

/** Disks from one whose file system is checked to the next. */
const CHECK_EVERY = 4

export async function run({ cuts, log, seed }, tally) {
  for (const options of MOUNT_OPTIONS) await control(options, tally)
  const disks = Math.ceil(cuts / CUTS_PER_DISK)
  const numbers = log === undefined ? Array.from({ length: disks }, (_, number) => number) : [Number(log)]
  for (const number of numbers) await cutDisk(seed, number, tally)
}

async function cutDisk(seed, number, tally) {
  const options = MOUNT_OPTIONS[number % MOUNT_OPTIONS.length]
  const repository = new RepositoryUnderCuts(options)
  const again = `--of merges --seed ${seed} --log ${number}`
  for (let cut = 1; cut <= CUTS_PER_DISK; cut++) {
    const moment = drawnMoment(`${seed}-${number}-${cut}`)
    const { broken, mended } = await repository.cut(moment)
    for (const code of mended) tally.count(`mended by the repair: ${code}`)
    const when = moment.pause === 0 ? 'right after an acknowledgement' : 'at some moment'
    tally.add(`cut ${when}, with ${options}`, again, [...new Set(broken)])
    if (broken.length > 0) break
  }
  tally.count('acknowledged merges looked for', repository.ledger.merges.length)
  tally.count('acknowledged checkpoints looked for', repository.ledger.checkpoints.length)
  if (number % CHECK_EVERY === 0) {
    const problem = repository.check()
    tally.add(`file system checked with ${options}`, again, problem === null ? [] : [problem])
  }
  repository.destroy()
}

/** Half of the cuts come right after an acknowledgement, half within some milliseconds of one. */
function drawnMoment(seed) {
  const acknowledgements = draw(seed, 'early', 6) === 0 ? 0 : 1 + draw(seed, 'acknowledgements', 25)
  const pause = draw(seed, 'at once', 2) === 0 && acknowledgements > 0 ? 0 : draw(seed, 'pause', 400)
  return { acknowledgements, pause, seed }
}

async function control(options, tally) {
  const lost = await controlExperiment(options)
  const told = lost === '' ? 'whole' : `broken: ${lost.split('\n')[0]}`
  process.stdout.write(`control with ${options}: after a cut, the branch of a plain git is ${told}\n`)
  const broken = lost === '' ? ['plain git loses nothing here, so that nothing is shown'] : []
  tally.add(`control of git with ${options}`, '--of merges', broken)
}
