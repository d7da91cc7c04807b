import type { FieldError } from '@m3m/base'
import type { Document, ObjectId } from 'mongodb'
import type { Collections } from '../collections.ts'
import type { CompiledField } from '../fields/compile-field.ts'
import { findModel } from '../models/compiled-model.ts'
import type { FileStore } from './file-store.port.ts'
import type { ModelScope } from './record-reader.ts'
import { invalidRecord } from './validate-record.ts'

export interface LinkDeps {
  collections: Collections
  files: FileStore | undefined
  projectId: string
}

/**
 * Asks whether what refs and files of these writes point at is there; one query for each ref field, however
 * many records. @throws RECORD_INVALID
 */
export async function checkLinks(
  deps: LinkDeps,
  scope: ModelScope,
  sets: readonly Document[],
): Promise<void> {
  const errors: Record<string, FieldError> = {}
  for (const [key, field] of scope.compiled.fields) {
    const { type } = field.field
    if (type !== 'ref' && type !== 'file') continue
    const values = sets.flatMap((set) => (set[key] === undefined ? [] : (set[key] as unknown)))
    if (values.length === 0) continue
    const error =
      type === 'ref' ? await checkRefs(deps, scope, field, values) : await checkFiles(deps, field, values)
    if (error) errors[key] = error
  }
  if (Object.keys(errors).length > 0) throw invalidRecord(scope.compiled, errors)
}

async function checkRefs(
  { collections }: LinkDeps,
  { models }: ModelScope,
  { field }: CompiledField,
  values: readonly unknown[],
): Promise<FieldError | undefined> {
  const target = field.refModel === undefined ? undefined : findModel(models, field.refModel)
  if (!target) return { code: 'FIELD_REF', message: `The model "${field.refModel}" it points at is gone.` }
  const wanted = new Map(values.map((id) => [(id as ObjectId).toHexString(), id as ObjectId]))
  const found = await collections
    .records(target.model.id)
    .find({ _id: { $in: [...wanted.values()] } }, { projection: { _id: 1 } })
    .toArray()
  for (const record of found) wanted.delete((record._id as ObjectId).toHexString())
  const [missing] = wanted.keys()
  if (missing === undefined) return undefined
  const params = { id: missing, model: target.model.slug }
  return { code: 'FIELD_REF', message: `There is no record "${missing}" in "${params.model}".`, params }
}

async function checkFiles(
  { files, projectId }: LinkDeps,
  { field }: CompiledField,
  values: readonly unknown[],
): Promise<FieldError | undefined> {
  if (!files) return undefined
  for (const path of new Set(values as string[])) {
    const stat = await files.stat(projectId, path)
    if (!stat)
      return {
        code: 'FIELD_FILE',
        message: `There is no file "${path}" in the storage; upload it first.`,
        params: { path },
      }
    if (field.maxSizeBytes !== undefined && stat.sizeBytes > field.maxSizeBytes) {
      const message = `The file "${path}" has ${stat.sizeBytes} bytes, the most is ${field.maxSizeBytes}.`
      return { code: 'FIELD_FILE_SIZE', message, params: { path, limit: field.maxSizeBytes } }
    }
    if (field.mimeTypes?.length && !field.mimeTypes.some((type) => matches(type, stat.mimeType))) {
      const message = `The file "${path}" is of the type ${stat.mimeType}; allowed are ${field.mimeTypes.join(', ')}.`
      const params = { path, type: stat.mimeType, allowed: field.mimeTypes.join(', ') }
      return { code: 'FIELD_FILE_TYPE', message, params }
    }
  }
  return undefined
}

function matches(wanted: string, mimeType: string): boolean {
  return wanted.endsWith('/*') ? mimeType.startsWith(wanted.slice(0, -1)) : wanted === mimeType
}
