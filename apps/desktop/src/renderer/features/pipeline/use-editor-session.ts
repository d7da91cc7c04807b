import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '@/app/errors/describe-error.ts'
import { useLog, type LiveLog } from '@/app/logs/use-log.ts'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useRunActions } from '@/app/project/run-actions.ts'
import { useRunState, type RunState } from '@/app/project/run-state.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { useShortcut } from '@/ui/use-shortcut.ts'
import { useStoredState } from '@/ui/use-stored-state.ts'
import type { Branches } from './branch-editor.tsx'
import type { EditorMark, Place } from './editor-mark.ts'
import { marksOfEnvironment } from './environment-marks.ts'
import { marksOfLog } from './run-marks.ts'
import { useBranch, useServiceTypes, type OpenBranch } from './use-branch.ts'
import { entryOf, isDirty, setCode } from './workspace.ts'

export type PanelTab = 'log' | 'problems' | 'requests' | 'reference'

export interface EditorSession {
  open: OpenBranch
  /** Path of the file in the editor. */
  active: string | undefined
  tabs: readonly string[]
  openFile: (path: string, place?: Omit<Place, 'file'>) => void
  closeTab: (path: string) => void
  goTo: Place | null
  setCode: (path: string, code: string) => void
  cursor: { line: number; column: number }
  setCursor: (line: number, column: number) => void
  /** What the editor knows, the language service's included. */
  marks: readonly EditorMark[]
  /** False until the language service has looked at the code once: no marks say nothing before. */
  isChecked: boolean
  setMarks: (marks: EditorMark[]) => void
  /** What the editor does not know by itself: compile problems and errors of the run. */
  ownMarks: readonly EditorMark[]
  serviceTypes: string | undefined
  log: LiveLog
  run: RunState | undefined
  actions: ReturnType<typeof useRunActions>
  isDirty: boolean
  save: () => void
  runDebug: () => void
  stop: () => void
  panelTab: PanelTab
  showPanel: (tab: PanelTab) => void
  isPanelOpen: boolean
  setPanelOpen: (isOpen: boolean) => void
}

const NO_MARKS: readonly EditorMark[] = []

/** All state of the workbench for one branch. */
export function useEditorSession(branch: string, branches: Branches): EditorSession {
  const project = useProject()
  const exists = branches.some(({ name }) => name === branch)
  const open = useBranch(branch, exists)
  const files = useOpenFiles(open, branch)
  const run = useRunState(project.id)
  const actions = useRunActions(project.id)
  const log = useLog({ projectId: project.id })
  const serviceTypes = useServiceTypes()
  const [cursor, setCursor] = useState({ line: 1, column: 1 })
  const [marks, setMarks] = useState<EditorMark[] | null>(null)
  const panel = usePanel()
  const ranMarks = useOwnMarks({ open, startError: actions.error, log, run, branch })
  const unsetMarks = useUnsetVariables(open)
  const ownMarks = useMemo(() => [...ranMarks, ...unsetMarks], [ranMarks, unsetMarks])
  const commands = useCommands({ open, actions, branch, showPanel: panel.showPanel })
  return {
    open,
    ...files,
    setCode: useCallback(
      (path, code) => open.change((current) => setCode(current, path, code)),
      [open.change],
    ),
    cursor,
    setCursor: useCallback((line, column) => setCursor({ line, column }), []),
    marks: marks ?? NO_MARKS,
    isChecked: marks !== null || open.workspace?.files.length === 0,
    setMarks,
    ownMarks,
    serviceTypes,
    log,
    run,
    actions,
    isDirty: open.workspace !== null && isDirty(open.workspace),
    ...commands,
    ...panel,
  }
}

/** Tabs and the file in the editor; file and line stand in the address, so that a log line can point there. */
function useOpenFiles(open: OpenBranch, branch: string) {
  const search = useSearch({ from: '/projects/$slug/pipeline' })
  const navigate = useNavigate({ from: '/projects/$slug/pipeline' })
  const [opened, setOpened] = useState<readonly string[]>([])
  const paths = useMemo(() => open.workspace?.files.map(({ path }) => path) ?? [], [open.workspace])
  const asked = search.file !== undefined && paths.includes(search.file) ? search.file : undefined
  const tabs = opened.filter((path) => paths.includes(path))
  const entry = open.workspace ? entryOf(open.workspace) : undefined
  const active = asked ?? tabs.at(-1) ?? entry
  useEffect(() => {
    if (active !== undefined)
      setOpened((current) => (current.includes(active) ? current : [...current, active]))
  }, [active])
  const goTo = useMemo(
    () =>
      search.file !== undefined && search.line !== undefined
        ? { file: search.file, line: search.line, column: search.column ?? 1 }
        : null,
    [search.file, search.line, search.column],
  )
  const openFile = (path: string, place?: Omit<Place, 'file'>) =>
    void navigate({ search: { branch, file: path, ...place }, replace: true })
  const closeTab = (path: string) => {
    const rest = tabs.filter((other) => other !== path)
    const next = path === active ? rest[Math.max(0, tabs.indexOf(path) - 1)] : active
    setOpened(rest)
    void navigate({ search: { branch, ...(next !== undefined && { file: next }) }, replace: true })
  }
  return {
    active,
    tabs: active !== undefined && !tabs.includes(active) ? [...tabs, active] : tabs,
    openFile,
    closeTab,
    goTo,
  }
}

function usePanel() {
  const [panelTab, setPanelTab] = useState<PanelTab>('log')
  const [isPanelOpen, setPanelOpen] = useStoredState<boolean>('pipeline.panel', true)
  const showPanel = (tab: PanelTab) => {
    setPanelTab(tab)
    setPanelOpen(true)
  }
  useShortcut('Mod+J', () => setPanelOpen(!isPanelOpen))
  return { panelTab, showPanel, isPanelOpen, setPanelOpen }
}

interface MarkSources {
  open: OpenBranch
  startError: unknown
  log: LiveLog
  run: RunState | undefined
  branch: string
}

function useOwnMarks({ open, startError, log, run, branch }: MarkSources): EditorMark[] {
  const observed = run?.observed
  const isOfBranch =
    observed?.source != null && 'branch' in observed.source && observed.source.branch === branch
  const ranLines = isOfBranch && observed.runId === log.buffer.runId ? log.buffer.lines : null
  const reason = isOfBranch ? observed.reason : undefined
  return useMemo(() => {
    const compile = open.problems.map((problem): EditorMark => ({ ...problem, source: 'compile' }))
    const failed = startError ? describeError(startError) : reason
    const boot: EditorMark[] = failed?.position
      ? [{ ...failed.position, severity: 'error', message: failed.message, source: 'run' }]
      : []
    // Where the last start failed, what goes on running is an older text than the editor's.
    const ran = startError ? [] : marksOfLog(ranLines ?? [])
    return distinct([...compile, ...boot, ...ran])
  }, [open.problems, startError, reason, ranLines])
}

/** They change on another page: asked for whenever the editor is come back to, as the types are. */
function useUnsetVariables({ workspace }: OpenBranch): EditorMark[] {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const { id: projectId } = useProject()
  const { data } = useQuery(trpc.env.list.queryOptions({ projectId }, { staleTime: 0 }))
  return useMemo(() => {
    if (!data || !workspace) return []
    const names = data.variables.map(({ key }) => key)
    return marksOfEnvironment(workspace.files, names, (name) => t('pipeline.unsetVariable', { name }))
  }, [data, workspace, t])
}

/** One place says one thing: a boot error stands in the log too. */
function distinct(marks: EditorMark[]): EditorMark[] {
  const seen = new Set<string>()
  return marks.filter(({ file, line }) => {
    const key = `${file}:${line}`
    return !seen.has(key) && seen.add(key)
  })
}

interface CommandDeps {
  open: OpenBranch
  actions: ReturnType<typeof useRunActions>
  branch: string
  showPanel: (tab: PanelTab) => void
}

/** Save, run, stop and their keys. */
function useCommands({ open, actions, branch, showPanel }: CommandDeps) {
  const mayWrite = useMay('code:write')
  const mayRun = useMay('run')
  // A refused save is told in the notices and the conflict dialog.
  const save = () => void open.save().catch(() => undefined)
  const runDebug = () => {
    const saveAndStart = async () => {
      const needsSave = open.workspace && (open.workspace.revision === null || isDirty(open.workspace))
      if (needsSave) await open.save()
      showPanel('log')
      await actions.start({ branch })
    }
    saveAndStart().catch(() => undefined)
  }
  useShortcut({ keys: 'Mod+S', inFields: true }, save, mayWrite)
  useShortcut({ keys: 'Mod+Enter', inFields: true }, runDebug, mayRun && !actions.isPending)
  useShortcut({ keys: 'Mod+.', inFields: true }, actions.stop, mayRun)
  return { save, runDebug, stop: actions.stop }
}
