import { count } from '../../harness/table.mjs'
import { timeRow } from '../rows.mjs'
import { compareCreation } from './creation.mjs'

export const RUNS = [
  { name: 'create-warm', pool: 2, says: 'warm pool', bar: 'warm' },
  { name: 'create-cold', pool: 0, says: 'cold', bar: 'cold' },
]

export function measure(bench) {
  return compareCreation(bench, 'main')
}

export function rowsOf([comparison], { files, bars }, { says, bar }) {
  const measured = `create, ${says}, ${count(files)} files`
  return [timeRow(comparison, { measure: measured, against: 'git worktree add', most: bars[bar] })]
}
