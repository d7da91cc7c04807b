/** A file with the path it has below what was dropped or chosen. */
export interface LocalFile {
  path: string
  file: File
}

/** More than this is no upload by hand. */
const MAX_FILES = 10_000

/** Files and whole folders of a drop. Must be called while the event is handled: afterwards it forgets them. */
export async function droppedFiles(transfer: DataTransfer): Promise<LocalFile[]> {
  const entries = Array.from(transfer.items)
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile())
  const found: LocalFile[] = []
  for (const entry of entries) {
    if (entry instanceof File) found.push({ path: entry.name, file: entry })
    else if (entry) await visit(entry, '', found)
  }
  return found
}

export function chosenFiles(files: Iterable<File>): LocalFile[] {
  return Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }))
}

async function visit(entry: FileSystemEntry, folder: string, found: LocalFile[]): Promise<void> {
  if (found.length >= MAX_FILES) return
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`
  if (entry.isFile) {
    found.push({ path, file: await fileOf(entry as FileSystemFileEntry) })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  // A reader gives some hundred at a time, then none.
  for (let some = await read(reader); some.length > 0; some = await read(reader))
    for (const child of some) await visit(child, path, found)
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject))

const read = (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> =>
  new Promise((resolve, reject) => reader.readEntries(resolve, reject))
