/** Who has to act: the person who asked, whoever runs the machine, or us. */
export type Blame = 'user' | 'host' | 'bug'

/** Where in a service's own source something happened. Line and column are 1-based. */
export interface SourcePosition {
  file: string
  line: number
  column: number
}

/** One field of a form or record that was refused. `code` is from the table of the area that refused it. */
export interface FieldError {
  code: string
  message: string
  params?: ErrorParams
}

/** The values that a text names, for whoever words it in another language; longer texts are cut at {@link MAX_PARAM}. */
export type ErrorParams = Readonly<Record<string, string | number>>

/** The form in which an {@link AppError} crosses a border (tRPC `data.app`, REST, frames, isolates). */
export interface ErrorShape {
  code: string
  blame: Blame
  status: number
  message: string
  params?: ErrorParams
  fields?: Record<string, FieldError>
  position?: SourcePosition
}

interface AppErrorInit extends ErrorShape {
  cause?: unknown
}

/**
 * The one error that borders know: a stable code with a cure in its text. Anything else that is thrown is a
 * bug and becomes `INTERNAL_BUG` at the border.
 */
export class AppError extends Error {
  readonly code: string
  readonly blame: Blame
  /** HTTP status a border answers with. */
  readonly status: number
  readonly params: ErrorParams | undefined
  readonly fields: Record<string, FieldError> | undefined
  readonly position: SourcePosition | undefined

  constructor(init: AppErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    this.name = 'AppError'
    this.code = init.code
    this.blame = init.blame
    this.status = init.status
    this.params = init.params
    this.fields = init.fields
    this.position = init.position
  }

  toShape(): ErrorShape {
    return {
      code: this.code,
      blame: this.blame,
      status: this.status,
      message: this.message,
      ...(this.params && { params: this.params }),
      ...(this.fields && { fields: this.fields }),
      ...(this.position && { position: this.position }),
    }
  }

  /** As what is wrong with one field, for the `fields` of another error. */
  toField(): FieldError {
    return { code: this.code, message: this.message, ...(this.params && { params: this.params }) }
  }

  /** Rebuilds an error that crossed a border as data. */
  static fromShape(shape: ErrorShape, cause?: unknown): AppError {
    return new AppError({ ...shape, cause })
  }
}

/** What a table of errors says of one code. `text` names the value at fault and the cure. */
export interface ErrorSpec<P> {
  blame: Blame
  status: number
  text: (params: P) => string
}

interface Attachments {
  fields?: Record<string, FieldError>
  position?: SourcePosition
  cause?: unknown
}

const TABLE = Symbol('m3m.errorTable')

type Creators<T extends Record<string, ErrorSpec<never>>> = {
  [K in keyof T]: (params: Parameters<T[K]['text']>[0], attachments?: Attachments) => AppError
}

/**
 * Makes one creator for each code of an area. Codes are `AREA_REASON`, never reused; every table is listed
 * in docs/reference/errors.md, which `npm run docs` generates and `npm run check` compares.
 *
 * @example
 * export const projectErrors = defineErrors({
 *   PROJECT_SLUG_TAKEN: { blame: 'user', status: 409, text: (p: { slug: string }) => `The slug "${p.slug}" is taken; choose another.` },
 * })
 * throw projectErrors.PROJECT_SLUG_TAKEN({ slug })
 */
export function defineErrors<T extends Record<string, ErrorSpec<never>>>(table: T): Creators<T> {
  const creators = {} as Creators<T>
  Object.defineProperty(creators, TABLE, { value: table })
  for (const code of Object.keys(table) as (keyof T & string)[]) {
    const spec = table[code]!
    creators[code] = (params, attachments = {}) =>
      new AppError({
        code,
        blame: spec.blame,
        status: spec.status,
        message: spec.text(params as never),
        ...named(params),
        ...attachments,
      })
  }
  return creators
}

/** As long as a value may be that another language's text names. */
const MAX_PARAM = 1_000

/** What of a text's values crosses borders: numbers and texts, lists of them as one text. */
function named(values: object): { params?: ErrorParams } {
  const pairs = Object.entries(values).flatMap(([name, value]): [string, string | number][] => {
    if (typeof value === 'number') return [[name, value]]
    const text: unknown = Array.isArray(value) ? value.join(', ') : value
    return typeof text === 'string' ? [[name, text.slice(0, MAX_PARAM)]] : []
  })
  return pairs.length > 0 ? { params: Object.fromEntries(pairs) } : {}
}

/** The table behind a set of creators, for the generated reference; `null` for anything else. */
export function errorTableOf(creators: unknown): Record<string, ErrorSpec<never>> | null {
  if (typeof creators !== 'object' || creators === null) return null
  return (creators as { [TABLE]?: Record<string, ErrorSpec<never>> })[TABLE] ?? null
}

/** Errors that belong to no area. */
export const baseErrors = defineErrors({
  INTERNAL_BUG: {
    blame: 'bug',
    status: 500,
    text: (p: { requestId: string }) =>
      `Something failed inside m3m (request ${p.requestId}); the agent's log has the details. Please report it.`,
  },
})

/** True for an {@link AppError} of that code, also for one made by another copy of this package. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === code
}

/** The message of anything that was thrown, `throw null` and hostile getters included. */
export function messageOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return thrown.message || thrown.name
    return String(thrown)
  } catch {
    return 'a thrown value that cannot be shown'
  }
}

/** True when the system refused to write because a disk, or somebody's share of it, is full. @see errno(3) */
export function isDiskFull(error: unknown): boolean {
  return hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')
}
