import type { SequentialModel } from './linearization.js'

type Value = string | null

/** What can be asked of a register, such as a branch, and what it answers. */
export type RegisterCall =
  | { readonly do: 'read'; readonly value: Value }
  /** Puts `to` in the place of `from`, if that is what is there. */
  | { readonly do: 'swap'; readonly from: Value; readonly to: Value; readonly isDone: boolean }

/** A register with compare-and-swap. */
export function register(initial: Value): SequentialModel<Value, RegisterCall> {
  const next = (value: Value, call: RegisterCall): Value | undefined => {
    if (call.do === 'read') return call.value === value ? value : undefined
    if (call.isDone !== (call.from === value)) return undefined
    return call.isDone ? call.to : value
  }
  return { initial, next }
}
