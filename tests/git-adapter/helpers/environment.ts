import { onTestFinished, vi } from 'vitest'

/** Gives this process the environment of a test, so that nothing of the machine's configuration reaches the adapter. */
export function useEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
}
