import { installPeer } from '../harness/peers.mjs'

/**
 * The stores that ours is measured beside: what npm is to install, what becomes of appends that are under way at the same
 * time, and by how much fewer facts a task has where a store is so slow that a round would take minutes.
 */
const PEERS = [
  {
    name: 'better-sqlite3',
    contender: 'sqlite',
    together: 'in one transaction',
    slowness: 1,
    manifest: {
      dependencies: { 'better-sqlite3': '12.11.1' },
      allowScripts: { 'better-sqlite3': true },
    },
  },
  {
    name: 'emmett-sqlite',
    contender: 'emmett',
    together: 'acknowledged before the commit',
    slowness: 10,
    manifest: {
      dependencies: {
        '@event-driven-io/emmett': '0.42.0',
        '@event-driven-io/emmett-sqlite': '0.42.4',
        sqlite3: '5.1.7',
      },
      // It names a single version of emmett as its peer, although its own code has all that it uses of emmett in it.
      overrides: { '@event-driven-io/emmett': '$@event-driven-io/emmett' },
      allowScripts: { sqlite3: true },
    },
  },
]

/** Every peer with the folder it is installed in, or with the problem that keeps it out. */
export function installPeers() {
  return PEERS.map((peer) => ({ ...peer, ...installPeer(peer.name, peer.manifest) }))
}

/** The versions of the peers, for the results. */
export function peerVersions() {
  return PEERS.flatMap(({ manifest }) => Object.entries(manifest.dependencies))
}
