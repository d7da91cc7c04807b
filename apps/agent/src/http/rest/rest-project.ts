import type { FastifyReply, FastifyRequest } from 'fastify'
import { systemClock } from '@m3m/base'
import type { ApiKeyScope } from '@m3m/core'
import type { ProjectData } from '@m3m/data'
import type { Model } from '@m3m/data/schema'
import type { z } from 'zod'
import type { PanelDeps } from '../panel-deps.ts'
import { requestInput } from '../request-input.ts'
import { createRestDoor, rateHeaders, type RestCaller } from './rest-caller.ts'
import { restErrors } from './rest.errors.ts'

export const BASE = '/api/v1/projects/:slug/records/:model'

/** The names in a path below {@link BASE}. */
export interface Named {
  Params: { slug: string; model: string; id: string; field: string }
}

/** What a key opened: the records of its project, of the models that it is for. */
export interface OpenedProject {
  data: ProjectData
  caller: RestCaller
}

/** Opens projects for programs: key, scope, rate and models, the same for every route. */
export interface RestProjects {
  /** @throws REST_NO_KEY, REST_TOO_MANY, REST_SCOPE, REST_NO_PROJECT */
  open(request: FastifyRequest, reply: FastifyReply, scope: ApiKeyScope): Promise<OpenedProject>
  /** And the model in the path. @throws REST_MODEL (the key is not for it), MODEL_NOT_FOUND */
  openModel(
    request: FastifyRequest<Named>,
    reply: FastifyReply,
    scope: ApiKeyScope,
  ): Promise<OpenedProject & { model: Model }>
  /** The caller alone, for what is not of one project's path; `null` without a key. */
  callerOf(request: FastifyRequest, reply: FastifyReply, scope: ApiKeyScope): Promise<RestCaller | null>
}

export function createRestProjects(deps: PanelDeps): RestProjects {
  const door = createRestDoor(deps.core, systemClock)
  const tokenOf = (request: FastifyRequest) => requestInput(request.raw, deps.peerOf(request.raw)).token

  async function open(
    request: FastifyRequest,
    reply: FastifyReply,
    scope: ApiKeyScope,
  ): Promise<OpenedProject> {
    const { slug } = request.params as Named['Params']
    const caller = await door.project(tokenOf(request), slug, scope)
    void reply.headers(rateHeaders(caller.rate))
    return { data: dataOf(deps, caller), caller }
  }

  return {
    open,
    async openModel(request, reply, scope) {
      const opened = await open(request, reply, scope)
      const model = await opened.data.models.get(request.params.model)
      checkModel(opened.caller, model)
      return { ...opened, model }
    },
    async callerOf(request, reply, scope) {
      const token = tokenOf(request)
      if (token === null) return null
      const caller = await door.key(token, scope)
      void reply.headers(rateHeaders(caller.rate))
      return caller
    },
  }
}

export function dataOf({ data }: PanelDeps, { projectId, keyId, models }: RestCaller): ProjectData {
  return data.project(projectId, { kind: 'apiKey', id: keyId }, { models })
}

export function isFor({ models }: RestCaller, { id, slug }: Pick<Model, 'id' | 'slug'>): boolean {
  return models === null || models.includes(id) || models.includes(slug)
}

/** @throws REST_MODEL */
export function checkModel(caller: RestCaller, model: Pick<Model, 'id' | 'slug'>): void {
  if (!isFor(caller, model)) throw restErrors.REST_MODEL({ model: model.slug })
}

/** @throws REST_BODY */
export function bodyOf<T>(request: FastifyRequest, schema: z.ZodType<T>, expected: string): T {
  const parsed = schema.safeParse(request.body)
  if (!parsed.success) throw restErrors.REST_BODY({ expected })
  return parsed.data
}
