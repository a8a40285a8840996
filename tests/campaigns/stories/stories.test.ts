import { test } from 'vitest'
import { expectNoViolation } from '../run-campaign.js'

test('no story of a simulated world breaks a promise', { timeout: 120_000 }, async (context) =>
  expectNoViolation(context, 'stories'),
)
