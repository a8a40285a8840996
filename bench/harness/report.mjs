/**
 * Called by a program that `measureIn` runs: measures with the options that it was given, and reports the value, or why
 * there is none.
 *
 * @param {(options: object) => Promise<unknown>} measure answers with anything that JSON can say
 */
export async function report(measure) {
  process.send(await answerOf(measure), () => process.exit())
}

async function answerOf(measure) {
  try {
    const value = await measure(JSON.parse(process.argv[2]))
    return { value, peakBytes: process.resourceUsage().maxRSS * 1024 }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
