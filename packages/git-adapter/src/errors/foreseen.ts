/** Whether an error is what the system or git refuses; anything else is a mistake of ours. */
export function isForeseen(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string'
}
