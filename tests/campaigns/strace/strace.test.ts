import { it } from 'vitest'
import { expectNoViolation } from '../run-campaign.js'

const TIMEOUT_MS = 600_000

it(
  'has every acknowledged fact after faults and kills at its system calls',
  { timeout: TIMEOUT_MS },
  async (context) => expectNoViolation(context, 'strace', '--install'),
)
