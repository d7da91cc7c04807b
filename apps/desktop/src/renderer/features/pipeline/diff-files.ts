import type { SourceFile } from './workspace.ts'

export interface FileDiff {
  path: string
  status: 'added' | 'removed' | 'changed' | 'same'
  a: string | null
  b: string | null
}

/** By path; what is the same on both sides is left out. Pure. */
export function diffFiles(a: readonly SourceFile[], b: readonly SourceFile[]): FileDiff[] {
  const before = new Map(a.map(({ path, code }) => [path, code]))
  const after = new Map(b.map(({ path, code }) => [path, code]))
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort((x, y) => x.localeCompare(y))
  return paths
    .map((path): FileDiff => {
      const was = before.get(path) ?? null
      const is = after.get(path) ?? null
      const status = was === null ? 'added' : is === null ? 'removed' : was === is ? 'same' : 'changed'
      return { path, status, a: was, b: is }
    })
    .filter(({ status }) => status !== 'same')
}
