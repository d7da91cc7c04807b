import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useReducer, useRef, useState } from 'react'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, useTRPCClient, type Outputs } from '@/app/trpc/trpc.ts'
import { noticeOf, readDraft, removeDraft, writeDraft, type DraftNotice } from './drafts.ts'
import { isDirty, markSaved, openWorkspace, sourceFiles, withDraft, type Workspace } from './workspace.ts'

export type CodeProblem = Outputs['pipeline']['saveFiles']['problems'][number]

const DRAFT_AFTER_MS = 400

export interface OpenBranch {
  workspace: Workspace | null
  change: (edit: (workspace: Workspace) => Workspace) => void
  error: unknown
  retry: () => void
  problems: readonly CodeProblem[]
  save: (options?: { overwrite?: boolean }) => Promise<Workspace | null>
  isSaving: boolean
  saveError: unknown
  clearSaveError: () => void
  notice: DraftNotice
  dismissNotice: () => void
  /** Puts other texts into the editor. */
  replace: (edit: (workspace: Workspace) => Workspace) => void
  /** Back to what the agent has. */
  discard: () => void
  /** The texts were put in from outside the editor: it must show them. Grows with each such time. */
  epoch: number
}

type Edit = (workspace: Workspace) => Workspace

/** One branch, opened: from the agent, with the draft on top, saved by revision. */
export function useBranch(branch: string, exists: boolean): OpenBranch {
  const project = useProject()
  const client = useTRPCClient()
  const [workspace, edit] = useReducer(
    (current: Workspace | null, next: Workspace | null | Edit) =>
      typeof next === 'function' ? current && next(current) : next,
    null,
  )
  const [error, setError] = useState<unknown>(null)
  const [problems, setProblems] = useState<readonly CodeProblem[]>([])
  const [notice, setNotice] = useState<DraftNotice>(null)
  const [opening, setOpening] = useState({ attempt: 0, dropDraft: false })
  const [epoch, setEpoch] = useState(0)
  const latest = useRef(workspace)
  latest.current = workspace

  useEffect(() => {
    let isCurrent = true
    setError(null)
    const open = async () => {
      if (opening.dropDraft) removeDraft(localStorage, project.id, branch)
      const found = exists
        ? await client.pipeline.branch.query({ projectId: project.id, name: branch })
        : { ...(await client.pipeline.template.query()), revision: null }
      if (!isCurrent) return
      const clean = openWorkspace(branch, found.revision, found.files)
      const draft = readDraft(localStorage, project.id, branch)
      const fits = draft && draft.revision === found.revision
      const restored = draft && fits ? withDraft(clean, draft.files) : clean
      edit(restored)
      setNotice(noticeOf(draft, clean))
      setEpoch((n) => n + 1)
      if (!exists) return setProblems([])
      const check = await client.pipeline.check.query({ projectId: project.id, source: { branch } })
      if (isCurrent) setProblems(check.problems)
    }
    open().catch((reason: unknown) => isCurrent && setError(reason))
    return () => {
      isCurrent = false
      edit(null)
    }
    // `exists` is read once: the first save makes the branch without opening it again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, project.id, branch, opening])

  const kept = useKeptDraft(project.id, workspace, notice)
  const saving = useSave(latest, edit, setProblems)
  return {
    workspace: workspace?.branch === branch ? workspace : null,
    change: edit,
    error,
    retry: () => setOpening(({ attempt }) => ({ attempt: attempt + 1, dropDraft: false })),
    problems,
    ...saving,
    save: async (options) => {
      const saved = await saving.save(options)
      // What was restored is the agent's now.
      if (saved) setNotice(null)
      return saved
    },
    notice,
    dismissNotice: () => setNotice(null),
    replace: (next) => {
      edit(next)
      setEpoch((n) => n + 1)
    },
    discard: () => {
      kept.forget()
      saving.clearSaveError()
      setOpening(({ attempt }) => ({ attempt: attempt + 1, dropDraft: true }))
    },
    epoch,
  }
}

function useSave(
  latest: { readonly current: Workspace | null },
  edit: (next: Edit) => void,
  setProblems: (problems: readonly CodeProblem[]) => void,
) {
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const mutation = useMutation(trpc.pipeline.saveFiles.mutationOptions({ meta: { showsError: true } }))
  const save = async ({ overwrite = false } = {}): Promise<Workspace | null> => {
    const workspace = latest.current
    if (!workspace) return null
    const files = sourceFiles(workspace)
    const input = { projectId: project.id, branch: workspace.branch, files }
    const result = await mutation.mutateAsync(
      overwrite ? input : { ...input, revision: workspace.revision ?? 0 },
    )
    edit((current) => markSaved(current, files, result.revision))
    setProblems(result.problems)
    removeDraft(localStorage, project.id, workspace.branch)
    await queryClient.invalidateQueries({
      queryKey: trpc.pipeline.branches.queryKey({ projectId: project.id }),
    })
    return markSaved(workspace, files, result.revision)
  }
  return { save, isSaving: mutation.isPending, saveError: mutation.error, clearSaveError: mutation.reset }
}

/**
 * Writes the draft a moment after the last key, or when the page or the branch is left in that moment, and warns before leaving only
 * where it could not be kept.
 */
function useKeptDraft(projectId: string, workspace: Workspace | null, notice: DraftNotice) {
  const [isKept, setKept] = useState(true)
  const pending = useRef<(() => void) | null>(null)
  const isChanged = workspace !== null && isDirty(workspace) && notice?.kind !== 'outdated'
  useEffect(() => {
    if (notice?.kind === 'outdated') return
    if (!workspace) return pending.current?.()
    const { branch, revision } = workspace
    const keep = () => {
      pending.current = null
      if (!isChanged) return removeDraft(localStorage, projectId, branch)
      const draft = { revision, files: sourceFiles(workspace), at: new Date().toISOString() }
      setKept(writeDraft(localStorage, projectId, branch, draft))
    }
    pending.current = keep
    const timer = setTimeout(keep, DRAFT_AFTER_MS)
    return () => clearTimeout(timer)
  }, [projectId, workspace, isChanged, notice])
  useEffect(() => {
    const leave = () => pending.current?.()
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      leave()
    }
  }, [])
  useEffect(() => {
    if (isKept || !isChanged) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [isKept, isChanged])
  return { forget: () => void (pending.current = null) }
}

/**
 * The `.d.ts` of this project's services, for the editor. Models and variables change on other pages, in other
 * windows and by other operators: it is asked for whenever the editor is come back to.
 */
export function useServiceTypes(): string | undefined {
  const trpc = useTRPC()
  const project = useProject()
  return useQuery(trpc.runtime.types.queryOptions({ projectId: project.id }, { staleTime: 0 })).data?.dts
}
