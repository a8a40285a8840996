import { spawnSync } from 'node:child_process'

/** Whether a process does anything still; one that has ended counts as gone, though nobody has asked for its end. */
export function isRunning(pid: string): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z')
}
