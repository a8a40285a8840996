import { it } from 'vitest'
import { expectNoViolation } from '../run-campaign.js'

it('keeps every promise of the log over kills, errors and power cuts on a simulated disk', async (context) =>
  expectNoViolation(context, 'disk', '--runs', '500'))

it('finds what goes wrong on a simulated disk that breaks its word', async (context) =>
  expectNoViolation(context, 'disk', '--self-test'))
