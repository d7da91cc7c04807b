import type { Field } from '@m3m/core/client'
import {
  BinaryIcon,
  BracesIcon,
  CalendarClockIcon,
  CalendarIcon,
  CheckSquareIcon,
  CircleDotIcon,
  ClockIcon,
  HashIcon,
  LinkIcon,
  ListChecksIcon,
  MailIcon,
  PaperclipIcon,
  PilcrowIcon,
  TextIcon,
  TypeIcon,
  WorkflowIcon,
  type LucideIcon,
} from 'lucide-react'

/** A kind of field as people choose it: a type, and rich text, which is a text of the format html. */
export type FieldKind = Field['type'] | 'richtext'

export const FIELD_KINDS: readonly FieldKind[] = [
  'string',
  'text',
  'richtext',
  'number',
  'float',
  'bool',
  'date',
  'datetime',
  'autodate',
  'select',
  'multiselect',
  'email',
  'url',
  'ref',
  'file',
  'document',
]

/** Those that may stand inside a document (packages/data, check-model.ts). */
export const NESTED_KINDS: readonly FieldKind[] = FIELD_KINDS.filter(
  (kind) => !['ref', 'file', 'autodate'].includes(kind),
)

export const KIND_ICONS: Readonly<Record<FieldKind, LucideIcon>> = {
  string: TypeIcon,
  text: TextIcon,
  richtext: PilcrowIcon,
  number: HashIcon,
  float: BinaryIcon,
  bool: CheckSquareIcon,
  date: CalendarIcon,
  datetime: CalendarClockIcon,
  autodate: ClockIcon,
  select: CircleDotIcon,
  multiselect: ListChecksIcon,
  email: MailIcon,
  url: LinkIcon,
  ref: WorkflowIcon,
  file: PaperclipIcon,
  document: BracesIcon,
}

export const kindOf = ({ type, format }: Pick<Field, 'type' | 'format'>): FieldKind =>
  format === 'html' ? 'richtext' : type

export const typeOfKind = (kind: FieldKind): { type: Field['type']; format?: 'html' } =>
  kind === 'richtext' ? { type: 'text', format: 'html' } : { type: kind }
