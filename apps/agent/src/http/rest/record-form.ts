import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { Field, Model } from '@m3m/data/schema'
import { fieldValueOf, type ProjectStorage } from '@m3m/data'
import type { PanelDeps } from '../panel-deps.ts'
import { restErrors } from './rest.errors.ts'

/** A whole form is held in memory while it is read; larger files are uploaded to the storage first. */
const MAX_FORM_BYTES = 32 * 1_048_576
const MAX_PARTS = 200
/** A part of this name holds a JSON object of fields, for what a form cannot say. */
const JSON_PART = '@jsonPayload'

/** A record as a form sends it. */
export interface FormRecord {
  set: Record<string, unknown>
  /** Files of parts named `photos+`: they come after those that are there. */
  push: Record<string, { $each: unknown[] }> | undefined
}

export function isForm(request: FastifyRequest): boolean {
  return /^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')
}

interface Into {
  deps: PanelDeps
  projectId: string
  model: Model
}

/**
 * A record with its files in one request, as `multipart/form-data`: parts with a file name are stored below
 * `records/` and their paths become the fields' values; text parts are read by their field's type; `name+`
 * appends. Files of a write that is refused are removed again.
 */
export function formOf(request: FastifyRequest, into: Into) {
  return {
    /** @throws REST_FORM, and what `write` throws */
    async use<T>(write: (record: FormRecord) => Promise<T>): Promise<T> {
      const form = await readForm(request)
      const stored: string[] = []
      const storage = into.deps.storedFiles.of(into.projectId)
      try {
        return await write(await recordOf(form, { ...into, storage, stored }))
      } catch (error) {
        for (const folder of stored) await storage.remove(folder)
        throw error
      }
    },
  }
}

/** @throws REST_FORM */
async function readForm(request: FastifyRequest): Promise<FormData> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > MAX_FORM_BYTES)
      throw restErrors.REST_FORM_TOO_LARGE({ maxMb: MAX_FORM_BYTES / 1_048_576 })
    chunks.push(chunk)
  }
  const headers = { 'content-type': request.headers['content-type']! }
  const body = Readable.toWeb(Readable.from(chunks)) as ReadableStream<Uint8Array>
  try {
    return await new Response(body, { headers }).formData()
  } catch (error) {
    throw restErrors.REST_FORM({ problem: 'it cannot be read as multipart/form-data' }, { cause: error })
  }
}

interface Storing extends Into {
  storage: ProjectStorage
  /** Folders of what was stored so far. */
  stored: string[]
}

async function recordOf(form: FormData, storing: Storing): Promise<FormRecord> {
  const parts = [...form.entries()]
  if (parts.length > MAX_PARTS) throw restErrors.REST_FORM({ problem: `it has more than ${MAX_PARTS} parts` })
  const set = new Map<string, unknown>()
  const push = new Map<string, unknown[]>()
  for (const [name, value] of parts) {
    if (name === JSON_PART) {
      for (const [key, inner] of Object.entries(jsonOf(value))) set.set(key, inner)
      continue
    }
    const appends = name.endsWith('+')
    const key = appends ? name.slice(0, -1) : name
    const field = storing.model.fields.find((one) => one.key === key)
    const read = typeof value === 'string' ? textOf(value, field) : await store(value, field, key, storing)
    if (read === undefined) continue
    if (appends) push.set(key, [...(push.get(key) ?? []), read])
    else set.set(key, isList(field) ? [set.get(key) ?? [], read].flat() : read)
  }
  const each = [...push].map(([key, items]) => [key, { $each: items }] as const)
  return { set: Object.fromEntries(set), push: each.length > 0 ? Object.fromEntries(each) : undefined }
}

/** @throws REST_FORM */
async function store(file: File, field: Field | undefined, key: string, { storage, stored, model }: Storing) {
  if (field?.type !== 'file')
    throw restErrors.REST_FORM({
      problem: `the part "${key.slice(0, 100)}" is a file, but no field of files`,
    })
  // A folder of its own keeps the name that people see, whatever other records have.
  const name = file.name.replaceAll(/[/\\\0]/g, '_').slice(-120) || 'file'
  const folder = `records/${model.slug}/${randomBytes(8).toString('hex')}`
  const path = `${folder}/${/^\.{1,2}$/.test(name) ? 'file' : name}`
  stored.push(folder)
  await storage.write(path, file.stream() as AsyncIterable<Uint8Array>)
  return path
}

function textOf(text: string, field: Field | undefined): unknown {
  // An unknown name goes on as it is: the model refuses it by name.
  return field ? fieldValueOf(text, field) : text
}

function isList(field: Field | undefined): boolean {
  return field !== undefined && (field.type === 'multiselect' || field.multiple === true)
}

/** @throws REST_FORM */
function jsonOf(value: string | File): object {
  try {
    const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : null
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed
  } catch {
    // Said below.
  }
  throw restErrors.REST_FORM({ problem: `the part "${JSON_PART}" is a JSON object of fields` })
}
