/** The files of one branch as they are edited: what the agent has, and what stands in the editor. Pure. */

export interface SourceFile {
  path: string
  code: string
}

export interface WorkFile {
  path: string
  code: string
  /** As the agent has it; null for a file that it has not seen yet. */
  saved: string | null
}

export interface Workspace {
  branch: string
  /** null: the branch will be made by the first save. */
  revision: number | null
  files: readonly WorkFile[]
  /** Paths of the agent's set that were deleted or renamed here. */
  removed: readonly string[]
}

export function openWorkspace(
  branch: string,
  revision: number | null,
  files: readonly SourceFile[],
): Workspace {
  const isNew = revision === null
  return {
    branch,
    revision,
    files: sorted(files.map(({ path, code }) => ({ path, code, saved: isNew ? null : code }))),
    removed: [],
  }
}

export const isFileDirty = (file: WorkFile): boolean => file.code !== file.saved

/** A branch that was never saved counts as clean until something is typed. */
export function isDirty(workspace: Workspace): boolean {
  return workspace.removed.length > 0 || workspace.files.some(isFileDirty)
}

export function setCode(workspace: Workspace, path: string, code: string): Workspace {
  const file = workspace.files.find((file) => file.path === path)
  if (!file || file.code === code) return workspace
  return { ...workspace, files: workspace.files.map((other) => (other === file ? { ...file, code } : other)) }
}

export function addFile(workspace: Workspace, path: string, code = ''): Workspace {
  const saved = workspace.removed.includes(path) ? '' : null
  return {
    ...workspace,
    files: sorted([...workspace.files, { path, code, saved }]),
    removed: workspace.removed.filter((other) => other !== path),
  }
}

/** A file, or a folder with all that is in it. */
export function removePath(workspace: Workspace, path: string): Workspace {
  const goes = (file: WorkFile) => isAtOrIn(file.path, path)
  const gone = workspace.files.filter((file) => goes(file) && file.saved !== null).map((file) => file.path)
  return {
    ...workspace,
    files: workspace.files.filter((file) => !goes(file)),
    removed: [...new Set([...workspace.removed, ...gone])],
  }
}

/** A file, or a folder with all that is in it. */
export function renamePath(workspace: Workspace, from: string, to: string): Workspace {
  const moved = workspace.files.filter((file) => isAtOrIn(file.path, from))
  const rest = removePath(workspace, from)
  return moved.reduce((next, file) => addFile(next, to + file.path.slice(from.length), file.code), rest)
}

/** What the agent now has, after a save of `files`; what was typed meanwhile stays. */
export function markSaved(workspace: Workspace, files: readonly SourceFile[], revision: number): Workspace {
  const savedCode = new Map(files.map(({ path, code }) => [path, code]))
  const present = new Set(workspace.files.map(({ path }) => path))
  return {
    ...workspace,
    revision,
    files: workspace.files.map((file) => ({ ...file, saved: savedCode.get(file.path) ?? null })),
    removed: files.map(({ path }) => path).filter((path) => !present.has(path)),
  }
}

/** The editor's files over what the agent has: a restored draft, or "mine" in a conflict. */
export function withDraft(workspace: Workspace, files: readonly SourceFile[]): Workspace {
  const saved = new Map(workspace.files.map((file) => [file.path, file.saved]))
  const paths = new Set(files.map(({ path }) => path))
  return {
    ...workspace,
    files: sorted(files.map(({ path, code }) => ({ path, code, saved: saved.get(path) ?? null }))),
    removed: workspace.files
      .filter((file) => file.saved !== null && !paths.has(file.path))
      .map(({ path }) => path),
  }
}

export const sourceFiles = (workspace: Workspace): SourceFile[] =>
  workspace.files.map(({ path, code }) => ({ path, code }))

export const isAtOrIn = (path: string, place: string): boolean =>
  path === place || path.startsWith(`${place}/`)

/** Why a name cannot be taken; null when it can. */
export function nameProblem(workspace: Workspace, path: string): 'empty' | 'shape' | 'taken' | null {
  if (!path) return 'empty'
  const parts = path.split('/')
  const isFine = (part: string) =>
    /^[A-Za-z0-9_@.$-][A-Za-z0-9_@.$ -]*$/.test(part) && !/^\.+$/.test(part) && !/[. ]$/.test(part)
  if (path.length > 200 || parts.length > 10 || !parts.every(isFine)) return 'shape'
  // A file cannot be where a folder is, nor the other way round.
  const clashes = workspace.files.some((file) => isAtOrIn(file.path, path) || isAtOrIn(path, file.path))
  return clashes ? 'taken' : null
}

/** The file a service begins with, else the first one. */
export function entryOf(workspace: Workspace): string | undefined {
  const paths = workspace.files.map(({ path }) => path)
  return paths.find((path) => path === 'main.ts' || path === 'main.js') ?? paths[0]
}

function sorted(files: WorkFile[]): WorkFile[] {
  return files.sort((a, b) => a.path.localeCompare(b.path))
}
