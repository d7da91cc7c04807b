import { initTRPC, TRPCError } from '@trpc/server'
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server'
import { AppError, baseErrors } from '@m3m/base'
import { databaseFault, inputProblem } from '@m3m/data'
import type { Blame, ErrorParams, FieldError, SourcePosition } from '@m3m/base'
import { ZodError } from 'zod'
import type { SignedIn } from './features/access/actor.schema.ts'
import { accessErrors } from './features/access/access.errors.ts'
import { apiErrors } from './api.errors.ts'
import { PROCEDURE_RIGHTS } from './procedure-rights.ts'
import type { RequestContext } from './context.ts'

/** What every error carries as `data.app`. */
export interface AppErrorData {
  code: string
  blame: Blame
  params?: ErrorParams
  fields?: Record<string, FieldError>
  position?: SourcePosition
}

const CODE_OF_STATUS: Readonly<Record<number, TRPC_ERROR_CODE_KEY>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  408: 'TIMEOUT',
  409: 'CONFLICT',
  412: 'PRECONDITION_FAILED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  501: 'NOT_IMPLEMENTED',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
}

/** tRPC's own words, its only sign of it (@trpc/server, unstable-core-do-not-import/router, `callProcedure`). */
const UNKNOWN_PROCEDURE = /^No procedure found on path "(.{1,200})"$/

/** The error as it crosses the wire; anything that is no {@link AppError} is a bug and tells nothing of itself. */
function toAppError(error: TRPCError, requestId: string): AppError {
  const { cause } = error
  const unknown = UNKNOWN_PROCEDURE.exec(error.message)
  if (error.code === 'NOT_FOUND' && unknown) return apiErrors.API_NO_PROCEDURE({ procedure: unknown[1]! })
  if (cause instanceof AppError) return cause
  if (cause instanceof ZodError) return apiErrors.API_INPUT({}, { fields: fieldsOf(cause) })
  if (error.code === 'INTERNAL_SERVER_ERROR') return baseErrors.INTERNAL_BUG({ requestId })
  return apiErrors.API_REQUEST({ reason: error.message })
}

/** Problems by the path of the field (`files.0.path`); the first one of each field. */
function fieldsOf(error: ZodError): Record<string, FieldError> {
  const fields: Record<string, FieldError> = {}
  for (const issue of error.issues) {
    const path = issue.path.map(String).join('.')
    fields[path] ??= inputProblem(issue)
  }
  return fields
}

export const t = initTRPC.context<RequestContext>().create({
  isDev: false,
  errorFormatter({ shape, error, ctx }) {
    const app = toAppError(error, ctx?.requestId ?? 'unknown')
    const data: AppErrorData = {
      code: app.code,
      blame: app.blame,
      ...(app.params && { params: app.params }),
      ...(app.fields && { fields: app.fields }),
      ...(app.position && { position: app.position }),
    }
    return { ...shape, message: app.message, data: { ...shape.data, app: data } }
  },
})

/** The one authorisation layer: every procedure passes here and is looked up in {@link PROCEDURE_RIGHTS}. */
const authorised = t.middleware(async ({ ctx, path, type, next, getRawInput, signal }) => {
  const need = PROCEDURE_RIGHTS[path]
  if (need === undefined) throw new Error(`The procedure ${path} has no entry in procedure-rights.ts`)
  const { actor, ended } = await ctx.admit(need, await getRawInput())
  const until = signal ? AbortSignal.any([signal, ended]) : ended
  const result = await next({ ctx: { actor, until } })
  if (type !== 'subscription' || !result.ok) return result
  return { ...result, data: guarded(result.data as AsyncIterable<unknown>, ended) }
})

/** A subscription runs long after its middlewares: errors are translated here, and it says that a sign-in ended. */
async function* guarded(source: AsyncIterable<unknown>, ended: AbortSignal): AsyncGenerator<unknown> {
  try {
    yield* source
  } catch (error) {
    throw error instanceof AppError ? toTrpcError(error) : error
  }
  if (ended.aborted) throw toTrpcError(accessErrors.ACCESS_SIGN_IN({}))
}

function toTrpcError(error: AppError): TRPCError {
  const code = CODE_OF_STATUS[error.status] ?? 'INTERNAL_SERVER_ERROR'
  return new TRPCError({ code, message: error.message, cause: error })
}

/** For everything but `public` procedures: `ctx.actor` is somebody. */
const signedIn = t.middleware(({ ctx, next }) => {
  const { actor } = ctx as { actor?: SignedIn | null }
  if (!actor) throw accessErrors.ACCESS_SIGN_IN({})
  return next({ ctx: { actor } })
})

/** Turns what services throw into what tRPC answers; bugs are logged here, with the id the caller is told. */
const translated = t.middleware(async ({ ctx, path, next }) => {
  const result = await next()
  if (result.ok) return result
  const { cause } = result.error
  const known = cause instanceof AppError ? cause : databaseFault(cause)
  if (known) throw toTrpcError(known)
  if (result.error.code === 'INTERNAL_SERVER_ERROR') {
    ctx.logger.error('procedure failed', { path, requestId: ctx.requestId, error: cause ?? result.error })
  }
  return result
})

/** A procedure that nobody needs to sign in for. */
export const publicProcedure = t.procedure.use(translated).use(authorised)

/** Every other procedure. `ctx.until` aborts when the caller goes or the sign-in ends: subscriptions heed it. */
export const procedure = publicProcedure.use(signedIn)
export const router = t.router
