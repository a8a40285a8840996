import { it } from 'vitest'
import { expectNoViolation } from '../run-campaign.js'

const TIMEOUT_MS = 300_000

it(
  'keeps every acknowledged fact on a disk that loses, tears and reorders what is not synced',
  { timeout: TIMEOUT_MS },
  async (context) => expectNoViolation(context, 'disk', '--runs', '500'),
)

it('finds what is broken on disks that break their word', { timeout: TIMEOUT_MS }, async (context) =>
  expectNoViolation(context, 'disk', '--self-test'),
)
