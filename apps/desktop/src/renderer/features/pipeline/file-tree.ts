/** Folders and files as the tree shows them. Pure. */

export interface TreeRow {
  path: string
  name: string
  kind: 'folder' | 'file'
  depth: number
}

/** Folders first, then files, each by name; what is in a folded folder is left out. */
export function treeRows(paths: readonly string[], folded: ReadonlySet<string>): TreeRow[] {
  return rowsIn('', paths, folded, 0)
}

function rowsIn(
  folder: string,
  paths: readonly string[],
  folded: ReadonlySet<string>,
  depth: number,
): TreeRow[] {
  const folders = new Set<string>()
  const files: string[] = []
  for (const path of paths) {
    if (!path.startsWith(folder)) continue
    const rest = path.slice(folder.length)
    const slash = rest.indexOf('/')
    if (slash === -1) files.push(rest)
    else folders.add(rest.slice(0, slash))
  }
  const byName = (a: string, b: string) => a.localeCompare(b)
  return [
    ...[...folders].sort(byName).flatMap((name) => {
      const path = folder + name
      const row: TreeRow = { path, name, kind: 'folder', depth }
      return folded.has(path) ? [row] : [row, ...rowsIn(`${path}/`, paths, folded, depth + 1)]
    }),
    ...files.sort(byName).map((name): TreeRow => ({ path: folder + name, name, kind: 'file', depth })),
  ]
}
