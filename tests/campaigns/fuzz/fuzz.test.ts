import { it } from 'vitest'
import { expectNoViolation } from '../run-campaign.js'

it('finds what is read wrongly where the disk hides something', async (context) =>
  expectNoViolation(context, 'fuzz', '--self-test'))
