declare module 'fs-native-extensions' {
  /** Takes a lock that others may share, or answers false if another descriptor holds an exclusive one. */
  export function tryLock(fd: number, options: { readonly shared: true }): boolean
}
