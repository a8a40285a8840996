import { InvalidArgumentError } from 'commander'

/** Reads an option's whole number, 0 or more. */
export function wholeNumber(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError('It has to be a whole number, 0 or more.')
  }
  return number
}
