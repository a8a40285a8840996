import { it } from 'vitest'
import { expectNoViolation } from '../run-campaign.js'

it('reads of a log that was changed by chance what the document of the format says, or refuses it', async (context) =>
  expectNoViolation(context, 'fuzz', '--cases', '5000'))

it('finds what is read wrongly where the disk hides something', async (context) =>
  expectNoViolation(context, 'fuzz', '--self-test'))
