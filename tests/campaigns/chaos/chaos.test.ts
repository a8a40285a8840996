import { it } from 'vitest'
import { expectNoViolation } from '../run-campaign.js'

const TIMEOUT_MS = 600_000

it(
  'has every acknowledged edit and whole merges only, after kills of everything, deletions and commits of others',
  { timeout: TIMEOUT_MS },
  async (context) => expectNoViolation(context, 'chaos'),
)
