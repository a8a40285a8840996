import { Disk } from './disk.mjs'

/** What keeps a disk from being made here whose power can be cut, or null. */
export async function obstacle() {
  if (process.platform !== 'linux') return 'it needs ext4, which is for Linux'
  if (process.getuid() !== 0) return 'only root can mount a disk'
  try {
    const disk = new Disk('data=ordered')
    const cut = await disk.prepareCut()
    await cut()
    disk.destroy()
    return null
  } catch (error) {
    return `${error.message.trim()} (it needs losetup, mkfs.ext4, mount and python3, and the right to use them)`
  }
}
