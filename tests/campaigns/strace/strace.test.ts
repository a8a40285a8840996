import { it } from 'vitest'
import { expectNoViolation } from '../run-campaign.js'

// Installing strace and a slow machine both take their time.
const TIMEOUT_MS = 600_000

it(
  'loses no acknowledged fact, and leaves no half append, when calls fail, fall short, or are the last of a process',
  { timeout: TIMEOUT_MS },
  async (context) => expectNoViolation(context, 'strace', '--install'),
)
