/**
 * Faults that wait for their operation. Each has a `kind`: `cut` (of the power), `kill` (of the process), `error` or
 * `short` (a write of fewer bytes than were given); and meets the operation that comes `after` so many others `on` which
 * it could be: those of one kind such as `sync`, on segments and not on other files, or any.
 */
export class Faults {
  #planned = []

  plan(fault) {
    this.#planned.push({ ...fault })
  }

  clear() {
    this.#planned = []
  }

  /** The fault that meets an operation, or null. */
  due(operation, path, process) {
    for (const fault of this.#planned) {
      const isMet =
        (fault.on === 'any' || (fault.on === operation && isOfSegments(operation, path))) &&
        (fault.process === null || fault.process === process)
      if (!isMet || fault.after-- > 0) continue
      this.#planned.splice(this.#planned.indexOf(fault), 1)
      return fault
    }
    return null
  }
}

function isOfSegments(operation, path) {
  return operation === 'syncDirectory' || path.endsWith('.jsonl')
}

export function systemError(code, operation) {
  return Object.assign(new Error(`${code}: simulated, ${operation}`), { code, syscall: operation })
}
