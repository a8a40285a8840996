import { it } from 'vitest'
import { expectNoViolation } from '../run-campaign.js'

const TIMEOUT_MS = 600_000

it(
  'has every acknowledged fact after power cuts, also after one in the midst of the recovery from another',
  { timeout: TIMEOUT_MS },
  async (context) => expectNoViolation(context, 'power'),
)

it(
  'has every acknowledged merge and checkpoint with all their objects after power cuts, and goes on',
  { timeout: TIMEOUT_MS },
  async (context) => expectNoViolation(context, 'power', '--of', 'merges', '--cuts', '3'),
)
