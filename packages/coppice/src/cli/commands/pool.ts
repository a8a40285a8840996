import type { Command } from 'commander'
import type { PoolStatus } from '../../facade/pool-keeper.js'
import { wholeNumber } from '../arguments/whole-number.js'
import { table } from '../output/table.js'
import { acting, looking } from '../session/acting.js'

interface Options {
  readonly size?: number
  readonly fill?: boolean
}

export function define(command: Command): void {
  command
    .option(
      '--size <n>',
      'keep so many ready worktrees in this repository from now on; 0 for none',
      wholeNumber,
    )
    .option('--fill', 'fill it up now, and end when it is full')
    .action(({ size, fill = false }: Options) => {
      const changes = fill || size !== undefined
      return (changes ? acting : looking)(command, async ({ coppice, output, signal }) => {
        if (size !== undefined) await coppice.resizePool(size)
        const pool = changes ? await coppice.fillPool({ signal }) : await coppice.pool()
        if (pool === null) return
        output.data(table(pool.ready.map(({ path, commit }) => [path, commit])), pool)
        output.note(summaryOf(pool))
      })
    })
}

function summaryOf({ size, maxBytes, ready }: PoolStatus): string {
  const used = ready.reduce((sum, { bytes }) => sum + bytes, 0)
  return `${ready.length} of ${size} ready, ${inMebibytes(used)} of ${inMebibytes(maxBytes)} MiB`
}

function inMebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 1 : 0)
}
