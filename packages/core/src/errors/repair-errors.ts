import { CoppiceError } from './coppice-error.js'

/** A step of a repair did not find what it was planned for; nothing was touched. */
export class RepairRefusedError extends CoppiceError {
  readonly code = 'repair-refused'
  constructor(
    readonly subject: string,
    problem: string,
  ) {
    super(`${subject} was not repaired: ${problem}`, {
      hint: '`coppice doctor` looks again, and says what is there now',
    })
  }
}
