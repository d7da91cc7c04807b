import type { FastifyRequest } from 'fastify'
import { programActor, type Actor } from '@m3m/core'
import type { ProjectData } from '@m3m/data'
import type { Model } from '@m3m/data/schema'
import type { z } from 'zod'
import type { PanelDeps } from '../panel-deps.ts'
import { programOf } from '../route-guard.ts'
import type { RestCaller } from './rest-caller.ts'
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

/** Opens projects for programs that route-guard.ts has let in: key, scope and rate were looked at there. */
export interface RestProjects {
  open(request: FastifyRequest): OpenedProject
  /** And the model in the path. @throws REST_MODEL (the key is not for it), MODEL_NOT_FOUND */
  openModel(request: FastifyRequest<Named>): Promise<OpenedProject & { model: Model }>
}

export function createRestProjects(deps: PanelDeps): RestProjects {
  function open(request: FastifyRequest): OpenedProject {
    const caller = programOf(request)
    if (!caller) throw restErrors.REST_NO_KEY({})
    return { data: dataOf(deps, caller), caller }
  }

  return {
    open,
    async openModel(request) {
      const opened = open(request as FastifyRequest)
      const model = await opened.data.models.get(request.params.model)
      checkModel(opened.caller, model)
      return { ...opened, model }
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

/** The program in a route that has no records: its project, and whom its acts are written down to. @throws REST_NO_KEY */
export function programIn(
  request: FastifyRequest,
  { peerOf }: PanelDeps,
): { caller: RestCaller; actor: Actor } {
  const caller = programOf(request)
  if (!caller) throw restErrors.REST_NO_KEY({})
  return { caller, actor: programActor(caller, peerOf(request.raw).address) }
}

/** @throws REST_BODY */
export function bodyOf<T>(request: FastifyRequest, schema: z.ZodType<T>, expected: string): T {
  const parsed = schema.safeParse(request.body)
  if (!parsed.success) throw restErrors.REST_BODY({ expected })
  return parsed.data
}

/** A body that may be left out. @throws REST_BODY */
export function bodyOrNothing<T>(request: FastifyRequest, schema: z.ZodType<T>, expected: string): T {
  request.body ??= {}
  return bodyOf(request, schema, expected)
}
