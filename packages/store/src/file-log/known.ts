import { Durable } from './durable.js'
import { Heads, type SavedVersions } from './heads.js'
import { Positions } from './positions.js'
import { ReservedRoom } from './reserved-room.js'

/** What this process has learnt of a log by reading and writing it. */
export class Known {
  readonly durable = new Durable()
  readonly heads: Heads
  readonly positions = new Positions()
  readonly room = new ReservedRoom()

  constructor(saved: SavedVersions | null) {
    this.heads = new Heads(saved)
  }
}
