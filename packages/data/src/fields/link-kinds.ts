import { isId } from '@m3m/base'
import { ObjectId } from 'mongodb'
import { asStored, refuse, type ValueKind } from './checked.ts'

/** One ref: the id of a record. That the record exists is asked when all else is right (records/check-links.ts). */
export function refKind(): ValueKind {
  const check: ValueKind['check'] = (value) =>
    isId(value)
      ? { value: new ObjectId(value) }
      : refuse('FIELD_REF', 'This must be the id of a record: 24 hexadecimal digits.')
  return {
    check,
    coerce: check,
    outward: (stored) => (stored instanceof ObjectId ? stored.toHexString() : stored),
    compares: 'equal',
  }
}

/** One file: its path in the project's storage. That it is there, its type and size are asked later too. */
export function fileKind(): ValueKind {
  return {
    check: (value) =>
      typeof value === 'string' && isConfined(value)
        ? { value }
        : refuse('FIELD_FILE', 'This must be the path of a file in the storage, such as photos/cat.png.'),
    coerce: (value) =>
      typeof value === 'string' ? { value } : refuse('FIELD_TYPE', 'Compare this field with a path.'),
    outward: asStored,
    compares: 'text',
  }
}

function isConfined(path: string): boolean {
  if (path === '' || path.length > 1024 || path.startsWith('/') || /[\0\\]/.test(path)) return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}
