import { attempt } from '../execute.mjs'

/** What keeps strace from being used here, or null. With `install`, it is installed if root runs this. */
export function obstacle({ install }) {
  if (process.platform !== 'linux') return 'strace is a program for Linux'
  if (!isThere() && install && process.getuid() === 0) installIt()
  if (!isThere()) return 'strace is missing; on Debian and Ubuntu `apt-get install strace` brings it'
  // Containers and hardened systems may forbid one process to trace another.
  const { stderr } = attempt('sh', ['-c', 'sleep 0.2 & exec strace -o /dev/null -p $!'])
  return stderr.includes('attached') ? null : `strace may not trace other processes here: ${stderr.trim()}`
}

function isThere() {
  return attempt('strace', ['-V']).status === 0
}

function installIt() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => attempt('apt-get', ['-qq', ...args], { env }).status === 0
  const install = () => apt('install', '-y', '--no-install-recommends', 'strace')
  // The lists of packages may be missing or stale.
  if (!install() && apt('update')) install()
}
