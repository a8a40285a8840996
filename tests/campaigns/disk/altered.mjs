/** An object that is another one but for some methods. */
export function altered(original, changes) {
  return new Proxy(original, {
    get: (_, name) =>
      changes[name] ??
      (typeof original[name] === 'function' ? original[name].bind(original) : original[name]),
  })
}

/**
 * Makes of a disk one whose files are altered.
 *
 * @param changes answers with other methods for a file, which is opened in this mode and at this path
 */
export function onFiles(changes) {
  return (disk) =>
    altered(disk, {
      open: (path, mode) => {
        const file = disk.open(path, mode)
        return altered(file, changes(file, mode, path))
      },
    })
}
