import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, copyProject, ROOT } from './copy.mjs'
import { ofCore } from './of-core.mjs'
import { ofGit } from './of-git.mjs'
import { ofLog } from './of-log.mjs'
import { tableOf } from './table.mjs'
import { whoNotices } from './who-notices.mjs'

export const usage =
  'mutants [--only TEXT] [--table FILE]   deliberate faults in the code, each of which the tests have to notice'

export const options = { only: { type: 'string', default: '' }, table: { type: 'string' } }

export function obstacle() {
  return null
}

export async function run({ only, table }, tally) {
  const copy = copyProject()
  const chosen = [...ofCore, ...ofLog, ...ofGit].filter(({ file, what }) => `${file} ${what}`.includes(only))
  const noticed = []
  for (const mutant of chosen) {
    const { by, broken } = await judge(copy, mutant)
    tally.add('faults', `--only '${mutant.what}'`, broken)
    noticed.push({ ...mutant, by })
    process.stdout.write(`${mutant.what} (${mutant.file}): ${by}\n`)
  }
  if (table !== undefined) writeFileSync(join(ROOT, table), tableOf(noticed))
}

/** The likeliest tests come first, for all of them take long. */
async function judge(copy, { file, what, from, to, likely, tests }) {
  const path = join(copy, file)
  const original = readFileSync(path, 'utf8')
  const unfit = `${file} does not have exactly once: ${from}`
  if (original.split(from).length !== 2) return { by: 'nothing', broken: [unfit] }
  change(
    copy,
    path,
    original.replace(from, () => to),
  )
  const noticed = (await whoNotices(copy, likely)) ?? (await whoNotices(copy, tests))
  change(copy, path, original)
  if (noticed === null) return { by: 'nobody', broken: [`nobody notices that ${what}: ${file}`] }
  const by = `\`${noticed.file}\`: ${noticed.name}`
  const anyway = await whoNotices(copy, [noticed.file])
  return { by, broken: anyway === null ? [] : [`${by} fails without a fault, too: ${anyway.name}`] }
}

function change(copy, path, text) {
  writeFileSync(path, text)
  build(copy)
}
