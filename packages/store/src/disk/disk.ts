/**
 * What the log needs of a file system and its locks. Every durable byte passes through here, so that a simulated disk
 * can lose, tear and reorder whatever was not synced.
 */
export interface Disk {
  /** The names in a directory; none if there is no such directory. */
  list(directory: string): readonly string[]
  exists(path: string): boolean
  makeDirectory(path: string): void
  /** `create` empties a file that is there, `new` fails with `EEXIST` instead. */
  open(path: string, mode: 'read' | 'write' | 'create' | 'new'): DiskFile
  rename(from: string, to: string): void
  /** Makes the names in a directory durable. */
  syncDirectory(path: string): Promise<void>
  /**
   * A lock that the system frees when its holder dies; nothing is opened before it is first taken. Who takes it for reading,
   * and may not write its file, shares it with others who may not.
   */
  lockAt(path: string, use?: 'writing' | 'reading'): DiskLock
}

export interface DiskFile {
  /** In bytes. */
  size(): number
  /** False once the file was deleted or moved, or another one took its name. */
  isNamed(): boolean
  /** Fills a buffer from an offset on and answers how many bytes there were; fewer only at the end of the file. */
  read(buffer: Buffer, offset: number): Promise<number>
  readNow(buffer: Buffer, offset: number): number
  /** Answers how many bytes were written, which on a full disk are too few without any error. */
  write(bytes: Buffer, offset: number): number
  truncate(size: number): void
  /**
   * Makes the content durable, and the size with it.
   *
   * @param beside whether the caller has work to do meanwhile, so that it is worth the way to another thread and back
   */
  sync(beside?: boolean): Promise<void>
  close(): void
}

export interface DiskLock {
  lock(): Promise<void>
  /** Answers false if somebody else holds it. */
  tryLock(): boolean
  unlock(): void
  close(): void
}
