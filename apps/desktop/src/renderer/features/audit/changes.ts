/** One value that is another than before; `''` where there was or is none. */
export interface Change {
  /** `settings.limits.memoryMb` */
  path: string
  before: string
  after: string
}

/** What differs between two documents, by the path of the value; lists are compared whole. */
export function changesOf(before: object | null, after: object | null): Change[] {
  const [was, is] = [leavesOf(before), leavesOf(after)]
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((path) => {
    const change = { path, before: was.get(path) ?? '', after: is.get(path) ?? '' }
    return change.before === change.after ? [] : [change]
  })
}

function leavesOf(value: unknown, path = '', leaves = new Map<string, string>()): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (path !== '') leaves.set(path, typeof value === 'string' ? value : JSON.stringify(value))
    return leaves
  }
  for (const [key, child] of Object.entries(value)) leavesOf(child, path ? `${path}.${key}` : key, leaves)
  return leaves
}
