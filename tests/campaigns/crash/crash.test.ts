import { it } from 'vitest'
import { expectNoViolation } from '../run-campaign.js'

const TIMEOUT_MS = 600_000

it(
  'is where the log says, with all work and the base whole, after kills of the engine and of git',
  { timeout: TIMEOUT_MS },
  async (context) => expectNoViolation(context, 'crash', '--install'),
)
