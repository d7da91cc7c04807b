// What the original's writes took and a model refuses: texts for numbers and truth values, null and '' for nothing.
import { hasCode } from '@m3m/base'
import type { ProjectData } from '@m3m/data'
import { fieldValueOf } from '@m3m/data/light'
import type { RecordData } from './records.port.ts'

type Field = Awaited<ReturnType<ProjectData['models']['get']>>['fields'][number]

const TYPED: readonly Field['type'][] = ['number', 'float', 'bool']

/**
 * Writes for the `$` spelling. A write that the model takes is made as it is; one that it refuses is read as the
 * original read it, and made once more. `updating`: null takes a value away, else it stands for no value.
 */
export async function writeAsOriginal<T>(
  data: Pick<ProjectData, 'models'>,
  { model, given, updating }: { model: string; given: RecordData; updating: boolean },
  write: (record: RecordData) => Promise<T>,
): Promise<T> {
  try {
    return await write(given)
  } catch (error) {
    if (!hasCode(error, 'RECORD_INVALID')) throw error
    const { fields } = await data.models.get(model)
    const read = readAsOriginal(fields, given, updating)
    if (!read) throw error
    return await write(read)
  }
}

/** Null when there was nothing to read otherwise. */
function readAsOriginal(fields: readonly Field[], given: RecordData, updating: boolean): RecordData | null {
  const set: Record<string, unknown> = { ...given }
  const unset: Record<string, ''> = {}
  for (const field of fields) {
    const value = set[field.key]
    const read = valueOf(value, field)
    if (!Object.hasOwn(set, field.key) || Object.is(read, value)) continue
    if (read !== undefined) set[field.key] = read
    else {
      delete set[field.key]
      if (updating) unset[field.key] = ''
    }
  }
  const changed = fields.some(({ key }) => !Object.is(set[key], given[key]))
  if (!changed) return null
  return Object.keys(unset).length > 0 ? { $set: set, $unset: unset } : set
}

/** Undefined for what says that there is no value; the value itself where the model has the word. */
function valueOf(value: unknown, field: Field): unknown {
  const isText = field.type === 'string' || field.type === 'text'
  if (value === null || (value === '' && !isText)) return field.nullable || field.required ? value : undefined
  if (typeof value === 'number' && field.type === 'bool') return value !== 0
  return typeof value === 'string' && TYPED.includes(field.type) ? fieldValueOf(value, field) : value
}
