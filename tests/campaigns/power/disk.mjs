import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atEnd } from '../cleanup.mjs'
import { attempt, execute } from '../execute.mjs'

const CUT = fileURLToPath(new URL('cut.py', import.meta.url))

const IMAGE_BYTES = 134_217_728

/** A disk of its own, an ext4 file system in a file, whose power can be cut. */
export class Disk {
  #base = mkdtempSync(join(tmpdir(), 'coppice-power-'))
  /** Where the file system is while it is mounted. */
  root = join(this.#base, 'root')
  #options
  #device = ''
  destroy = atEnd(() => this.#undo())

  /** @param options how it is mounted, such as `data=ordered` */
  constructor(options) {
    this.#options = options
    const image = join(this.#base, 'image')
    writeFileSync(image, '')
    truncateSync(image, IMAGE_BYTES)
    execute('mkfs.ext4', ['-q', '-F', '-b', '4096', image])
    this.#device = execute('losetup', ['--find', '--show', image]).trim()
    mkdirSync(this.root)
    this.mount()
  }

  /** Replays the journal, as after a boot. */
  mount() {
    execute('mount', ['-t', 'ext4', '-o', this.#options, this.#device, this.root])
  }

  unmount() {
    execute('umount', [this.root])
  }

  /**
   * Answers with what cuts the power at once, and has cut it when its promise resolves. It takes the id of the process
   * that works on the disk, which it stops.
   */
  async prepareCut() {
    const cutter = spawn('python3', [CUT, this.root], { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = once(cutter, 'close')
    await Promise.race([once(cutter.stdout, 'data'), ended])
    return async (pid = 0) => {
      cutter.stdin.write(`${pid}\n`)
      const [status] = await ended
      if (status !== 0) throw new Error(`the power could not be cut: cut.py ended with ${status}`)
    }
  }

  /** What fsck finds wrong while the file system is not mounted; null if nothing. */
  check() {
    const { status, stdout, stderr } = attempt('e2fsck', ['-fn', this.#device])
    return status === 0 ? null : `${stdout}${stderr}`
  }

  #undo() {
    // What was never set up, or is undone already, fails here, and need not be undone.
    attempt('umount', ['--lazy', this.root])
    attempt('losetup', ['--detach', this.#device])
    rmSync(this.#base, { recursive: true, force: true })
  }
}
