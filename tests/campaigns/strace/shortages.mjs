import { atEnd } from '../cleanup.mjs'
import { execute } from '../execute.mjs'

/** No file of the process grows beyond so many bytes: its writes come out short there, then fail. */
export function fileSizeLimit(bytes) {
  return {
    begin: (subject) => limitFileSize(subject.pid, bytes),
    relieve: (subject) => limitFileSize(subject.pid, 'unlimited'),
    end: () => {},
  }
}

/** A file system of so many pages, of which directories and files take some each. Only root can mount it. */
export function fullDisk(directory, pages) {
  const kibibytes = pages * 4
  let unmount = () => {}
  return {
    begin: () => {
      execute('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'coppice-full', directory])
      unmount = atEnd(() => execute('umount', ['--lazy', directory]))
    },
    relieve: () => execute('mount', ['-o', 'remount,size=64m', directory]),
    end: () => unmount(),
  }
}

export function limitFileSize(pid, bytes) {
  execute('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`])
}
