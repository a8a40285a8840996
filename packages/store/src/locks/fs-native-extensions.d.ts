declare module 'fs-native-extensions' {
  /** Takes an exclusive lock on the whole file, or answers false if another descriptor holds it. */
  export function tryLock(fd: number): boolean
  /** Takes a lock that others may share, or answers false if another descriptor holds an exclusive one. */
  export function tryLock(fd: number, options: { readonly shared: true }): boolean
  export function unlock(fd: number): void
}
