import { installPeer } from '../harness/peers.mjs'

const SANDCASTLE = {
  name: 'sandcastle',
  manifest: { dependencies: { '@ai-hero/sandcastle': '0.12.0' } },
}

/** The folder that it is installed in, or why there is none. */
export function installSandcastle() {
  return installPeer(SANDCASTLE.name, SANDCASTLE.manifest)
}

/** The versions of the peers, for the results. */
export function peerVersions() {
  return Object.entries(SANDCASTLE.manifest.dependencies)
}
