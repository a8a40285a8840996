const duties = new Set()

/**
 * Has something undone when this process ends, also by an interrupt or an error: mounts and processes outlive it
 * otherwise.
 *
 * @returns undoes it now, and not again
 */
export function atEnd(undo) {
  duties.add(undo)
  return () => {
    if (duties.delete(undo)) undo()
  }
}

process.on('exit', () => {
  for (const undo of [...duties].toReversed()) undo()
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130))
