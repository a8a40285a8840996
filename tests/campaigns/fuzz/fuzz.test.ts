import { it } from 'vitest'
import { expectNoViolation } from '../run-campaign.js'

const TIMEOUT_MS = 300_000

it('reads a changed log as the document says, or refuses it', { timeout: TIMEOUT_MS }, async (context) =>
  expectNoViolation(context, 'fuzz', '--cases', '5000'),
)

it('finds what is read wrongly where the disk hides something', { timeout: TIMEOUT_MS }, async (context) =>
  expectNoViolation(context, 'fuzz', '--self-test'),
)
