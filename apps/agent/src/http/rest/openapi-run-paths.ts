import { answer, inPath, inQuery, json, REFUSED, schemaOf } from './openapi-parts.ts'
import type { Json } from './openapi-schemas.ts'

const text: Json = { type: 'string' }
const moment: Json = { type: 'string', format: 'date-time' }
const orNull = (schema: Json): Json => ({ oneOf: [schema, { type: 'null' }] })
/** An object whose members are all there, but for those in `optional`. */
const object = (properties: Json, optional: Json = {}): Json => ({
  type: 'object',
  required: Object.keys(properties),
  properties: { ...properties, ...optional },
})

const SOURCE: Json = {
  oneOf: [
    { ...object({ release: text }), additionalProperties: false },
    { ...object({ branch: text }), additionalProperties: false },
  ],
}
const STATE: Json = { enum: ['starting', 'running', 'stopping', 'stopped', 'crashed'] }
const REASON: Json = object(
  { code: text, message: text },
  { position: { type: 'object', description: 'file, line and column where there is one' } },
)
const BY: Json = {
  ...orNull(
    object({ id: text, name: text }, { apiKey: { const: true, description: 'a program by this key' } }),
  ),
  description: 'null: the agent itself',
}
const OBSERVED = object(
  {
    state: STATE,
    source: orNull(SOURCE),
    branch: { type: ['string', 'null'] },
    since: moment,
    runId: { type: ['string', 'null'] },
    conditions: { type: 'array', items: { enum: ['backing-off', 'quarantined', 'limited'] } },
  },
  { tag: text, reason: REASON, nextStartAt: { ...moment, description: 'with backing-off' } },
)
const STATE_MEMBERS: Json = {
  projectId: text,
  desired: object({ run: { type: 'boolean' }, source: orNull(SOURCE) }),
  observed: OBSERVED,
  live: orNull({ ...SOURCE, description: 'what works now; while another version starts, the one before' }),
  activeRelease: { type: ['string', 'null'], description: 'what a start without a body starts' },
}

/** Names with a dot: no model has one. */
export const RUN_SCHEMAS: Json = {
  'm3m.RunState': object(STATE_MEMBERS),
  'm3m.Run': object(
    {
      id: text,
      runId: text,
      source: SOURCE,
      branch: text,
      tag: { type: ['string', 'null'] },
      cause: text,
      restarts: { type: 'integer' },
      startedBy: BY,
      startedAt: moment,
      activeAt: orNull(moment),
      endedAt: orNull(moment),
      endCause: { type: ['string', 'null'] },
      endedBy: BY,
    },
    { reason: REASON, limits: { type: 'object', additionalProperties: { type: 'integer' } } },
  ),
  'm3m.Started': object({ runId: text, state: STATE, source: SOURCE }),
}

/** Runs and goals of one project. `root` is the address of the project, `parameters` are those of its path. */
export function runPaths(root: string, parameters: Json[]): Json {
  const call = (operationId: string, summary: string, schema: Json, more: Json = {}): Json => ({
    operationId,
    summary,
    parameters,
    responses: { 200: answer(schema, 'what is so now'), ...REFUSED },
    ...more,
  })
  const body = (schema: Json): Json => ({ requestBody: { required: false, content: json(schema) } })
  const state = {
    ...object({ ...STATE_MEMBERS, lastEnded: orNull(schemaOf('m3m.Run')) }),
    description: '`lastEnded` is the last run that is over, with why',
  }
  const page = object({ items: { type: 'array', items: schemaOf('m3m.Run') } })
  const history = [
    ...parameters,
    inQuery('limit', { type: 'integer', minimum: 1, maximum: 200 }, 'default 50'),
    inQuery('before', text, 'the `id` of the last entry of the page before'),
  ]
  const nothing = { type: 'object', maxProperties: 0 }
  const amount = {
    type: 'object',
    properties: { by: { type: 'integer', description: 'default 1; may be negative' } },
    additionalProperties: false,
  }
  const counted = object({ goal: { ...text, description: 'the whole slug' }, value: { type: 'integer' } })
  return {
    [`${root}/run`]: { get: call('run_state', 'What runs and what should', state) },
    [`${root}/runs`]: { get: call('run_history', 'Runs, newest first', page, { parameters: history }) },
    [`${root}/run/start`]: {
      post: call(
        'run_start',
        'Starts a release or a branch; answers when it serves',
        schemaOf('m3m.Started'),
        {
          ...body({ oneOf: [...(SOURCE['oneOf'] as Json[]), nothing] }),
        },
      ),
    },
    [`${root}/run/stop`]: {
      post: call(
        'run_stop',
        'Stops what runs; a debug run gives way to the release',
        schemaOf('m3m.RunState'),
        body(nothing),
      ),
    },
    [`${root}/run/restart`]: {
      post: call(
        'run_restart',
        'The same again, with the code as it is now',
        schemaOf('m3m.Started'),
        body(nothing),
      ),
    },
    [`${root}/goals/{goal}/increment`]: {
      post: call('goal_increment', 'Adds to a goal', counted, {
        parameters: [...parameters, inPath('goal')],
        ...body(amount),
      }),
    },
  }
}
