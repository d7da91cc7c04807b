import { lazy, Suspense, type ComponentType } from 'react'
import { formatDateTime } from '@/i18n/format.ts'
import { Skeleton } from '@/ui/skeleton.tsx'
import {
  BoolCheckbox,
  BoolSwitch,
  CheckboxList,
  Chips,
  Combobox,
  RadioChoice,
  SelectOne,
} from './choice-widgets.tsx'
import { DateInput, DateTimeInput } from './date-widgets.tsx'
import { DocumentForm } from './document-form.tsx'
import { JsonEditor } from './json-widget.tsx'
import { MarkdownWidget } from './markdown-widget.tsx'
import { NumberInput, NumberSlider } from './number-widgets.tsx'
import { RefWidget } from './ref-widget.tsx'
import { TextArea, TextInput } from './text-widgets.tsx'
import type { WidgetKind } from './widget-kinds.ts'
import type { WidgetProps } from './widget-props.ts'

// What brings an editor or a drag library along is fetched with the first form that has it.
const RichTextWidget = lazy(() =>
  import('./rich-text-widget.tsx').then((m) => ({ default: m.RichTextWidget })),
)
const CodeWidget = lazy(() => import('./code-widget.tsx').then((m) => ({ default: m.CodeWidget })))
const FileWidget = lazy(() => import('./file-widget.tsx').then((m) => ({ default: m.FileWidget })))

const WIDGETS: Record<Exclude<WidgetKind, 'form'>, ComponentType<WidgetProps>> = {
  input: (props) =>
    props.field.type === 'number' || props.field.type === 'float' ? (
      <NumberInput {...props} />
    ) : (
      <TextInput {...props} />
    ),
  textarea: (props) => <TextArea {...props} isCode={props.field.format === 'html'} />,
  richtext: RichTextWidget,
  markdown: MarkdownWidget,
  code: CodeWidget,
  slider: NumberSlider,
  switch: BoolSwitch,
  checkbox: BoolCheckbox,
  radio: RadioChoice,
  select: SelectOne,
  combobox: Combobox,
  checkboxes: CheckboxList,
  chips: Chips,
  date: DateInput,
  datetime: DateTimeInput,
  json: JsonEditor,
  files: FileWidget,
  ref: RefWidget,
  system: SystemValue,
}

interface AnyWidgetProps extends WidgetProps {
  kind: WidgetKind
  errors: Readonly<Record<string, string>>
}

/** The control of a kind. */
export function Widget({ kind, errors, ...props }: AnyWidgetProps) {
  if (kind === 'form') return <DocumentForm {...props} errors={errors} />
  const Control = WIDGETS[kind]
  return (
    <Suspense fallback={<Skeleton className={kind === 'files' ? 'h-11' : 'h-40'} />}>
      <Control {...props} />
    </Suspense>
  )
}

/** What the system sets; nobody types it. */
function SystemValue({ value, id }: WidgetProps) {
  return (
    <span id={id} className="flex h-8 items-center font-mono text-xs text-muted-foreground tabular">
      {typeof value === 'string' ? formatDateTime(value) : '–'}
    </span>
  )
}
