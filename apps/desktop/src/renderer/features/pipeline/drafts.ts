import { sourceFiles, withDraft, type SourceFile, type Workspace } from './workspace.ts'

/** What was typed and not saved, kept by this browser until it is: a closed tab or a crash loses nothing. */
export interface Draft {
  /** The revision it was typed over; null for a branch that was not there yet. */
  revision: number | null
  files: SourceFile[]
  /** ISO 8601. */
  at: string
}

/** What the page says about the draft it found when the branch was opened. */
export type DraftNotice = { kind: 'restored'; at: string } | { kind: 'outdated'; draft: Draft } | null

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const keyOf = (projectId: string, branch: string) => `m3m.draft.${projectId}.${branch}`

export function readDraft(store: Store, projectId: string, branch: string): Draft | null {
  try {
    const draft = JSON.parse(store.getItem(keyOf(projectId, branch)) ?? 'null') as Draft | null
    return draft && Array.isArray(draft.files) && draft.files.length > 0 ? draft : null
  } catch {
    return null
  }
}

/** False when the browser has no room for it: the page then warns before it is left. */
export function writeDraft(store: Store, projectId: string, branch: string, draft: Draft): boolean {
  try {
    store.setItem(keyOf(projectId, branch), JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}

export function removeDraft(store: Store, projectId: string, branch: string): void {
  try {
    store.removeItem(keyOf(projectId, branch))
  } catch {
    // Nothing was kept then.
  }
}

/**
 * A draft that says what the agent has is nothing to speak of, whatever its revision: the untouched template of
 * a new branch, or a page that was left between a save and its answer.
 */
export function noticeOf(draft: Draft | null, clean: Workspace): DraftNotice {
  if (!draft) return null
  const texts = (files: readonly SourceFile[]) => JSON.stringify(files.map(({ path, code }) => [path, code]))
  if (texts(sourceFiles(withDraft(clean, draft.files))) === texts(sourceFiles(clean))) return null
  return draft.revision === clean.revision ? { kind: 'restored', at: draft.at } : { kind: 'outdated', draft }
}
