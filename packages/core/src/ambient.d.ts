// Core compiles without the DOM and without Node's types, so that I/O does not even resolve here.
// Cancellation is the one thing it takes from a host; every host has this much of AbortSignal and AbortController.
interface AbortSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
}

declare const AbortSignal: {
  any(signals: readonly AbortSignal[]): AbortSignal
}

declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}
