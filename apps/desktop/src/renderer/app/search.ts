/** What stands behind the `?` of the pages. Pure: unknown or wrong values become absent, never an error. */

type Raw = Record<string, unknown>

const text = (value: unknown, maxLength = 300): string | undefined =>
  typeof value === 'string' && value.length > 0 && value.length <= maxLength
    ? value
    : typeof value === 'number'
      ? String(value)
      : undefined

const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
  allowed.find((item) => item === value)

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined

/** Leaves out what is undefined, so that addresses stay short. */
function compact<T extends Raw>(search: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as never
}

export const projectsSearch = (raw: Raw) => compact({ new: raw.new === true ? true : undefined })

export const pipelineSearch = (raw: Raw) =>
  compact({
    tab: oneOf(raw.tab, ['releases']),
    branch: text(raw.branch, 60),
    file: text(raw.file, 200),
    line: positive(raw.line),
    column: positive(raw.column),
  })

export const LEVELS = ['debug', 'info', 'warn', 'error'] as const

export const logsSearch = (raw: Raw) =>
  compact({ run: text(raw.run, 24), level: oneOf(raw.level, LEVELS), q: text(raw.q, 200) })

export const agentLogSearch = (raw: Raw) => compact({ level: oneOf(raw.level, LEVELS), q: text(raw.q, 200) })

export const goalsSearch = (raw: Raw) =>
  compact({
    days: ([7, 90] as const).find((days) => days === raw.days),
    step: oneOf(raw.step, ['week', 'month'] as const),
  })

export const alertsSearch = (raw: Raw) => compact({ project: text(raw.project, 60) })

export const auditSearch = (raw: Raw) =>
  compact({
    text: text(raw.text, 200),
    user: text(raw.user, 24),
    project: text(raw.project, 24),
    action: text(raw.action, 60),
    from: text(raw.from, 10),
    to: text(raw.to, 10),
  })

export const pluginsSearch = (raw: Raw) => compact({ plugin: text(raw.plugin, 200) })

export const referenceSearch = (raw: Raw) =>
  compact({ module: text(raw.module, 60), member: text(raw.member, 60), q: text(raw.q, 100) })

/** Text that may be empty: the empty one says "none", where absent says "as the view has it". */
const clearable = (value: unknown, maxLength: number): string | undefined =>
  value === '' ? '' : text(value, maxLength)

/** `view`: id of a saved view, or `all` for none although one is opened by itself. */
export const dataSearch = (raw: Raw) =>
  compact({
    tab: oneOf(raw.tab, ['schema', 'form', 'table', 'api', 'settings', 'trash'] as const),
    view: text(raw.view, 24),
    filter: clearable(raw.filter, 2_000),
    search: clearable(raw.search, 200),
    sort: clearable(raw.sort, 200),
    record: text(raw.record, 24),
    /** The record that a new one is a copy of. */
    from: text(raw.from, 24),
    pane: oneOf(raw.pane, ['revisions', 'references'] as const),
    full: raw.full === true ? true : undefined,
    /** The import: being made, or how one went. */
    import: text(raw.import, 24),
  })

/** `path`: the folder; `open`: the path of the file in the pane; `sel`: names that are chosen, while they are few. */
export const storageSearch = (raw: Raw) =>
  compact({
    path: text(raw.path, 1_024),
    open: text(raw.open, 1_024),
    q: text(raw.q, 200),
    sort: oneOf(raw.sort, ['-name', 'size', '-size', 'changed', '-changed'] as const),
    sel: names(raw.sel),
  })

/** A list of short texts; absent when it is none. */
function names(value: unknown): string[] | undefined {
  const isList = Array.isArray(value) && value.length > 0 && value.length <= MAX_NAMES
  return isList && value.every((name) => text(name) !== undefined) ? value.map(String) : undefined
}

/** As many as an address may carry and still be passed on. */
export const MAX_NAMES = 20
