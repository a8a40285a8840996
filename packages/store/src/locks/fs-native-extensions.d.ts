declare module 'fs-native-extensions' {
  /** Takes an exclusive lock on the whole file, or answers false if another descriptor holds it. */
  export function tryLock(fd: number): boolean
  export function unlock(fd: number): void
}
