import type { Field, ModelInput } from '@m3m/core/client'
import { UploadIcon } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Textarea } from '@/ui/input.tsx'
import { ValueDiff } from '../revisions/value-view.tsx'
import { parseSchema, schemaDifferences, type FieldDifference } from './schema-file.ts'

interface ImportDialogProps {
  /** Fields as they are now; none for a new model. */
  saved: readonly Field[]
  /** What a list of bare fields is completed by. */
  fallback: { name: string; slug: string }
  onLoad: (schema: ModelInput) => void
  onClose: () => void
}

/** A schema out of JSON, with what it would change; nothing is saved here. */
export function ImportDialog({ saved, fallback, onLoad, onClose }: ImportDialogProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const file = useRef<HTMLInputElement>(null)
  const parsed = text.trim() === '' ? null : parseSchema(text, fallback)
  const schema = parsed && 'schema' in parsed ? parsed.schema : null
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent className="sm:max-w-2xl">
        <DialogHeader title={t('schema.importTitle')} description={t('schema.importHint')} />
        <div className="grid gap-2">
          <Textarea
            value={text}
            onChange={(event) => setText(event.target.value)}
            aria-label={t('schema.importText')}
            placeholder={'{ "fields": [ { "key": "title", "type": "string" } ] }'}
            rows={8}
            spellCheck={false}
            className="max-h-60 font-mono text-xs"
            autoFocus
          />
          <Button
            variant="outline"
            size="sm"
            className="justify-self-start"
            onClick={() => file.current?.click()}
          >
            <UploadIcon className="size-3.5" /> {t('schema.chooseFile')}
          </Button>
          <input
            ref={file}
            type="file"
            accept="application/json,.json"
            hidden
            onChange={(event) => void event.target.files?.[0]?.text().then(setText)}
          />
        </div>
        {parsed && 'problems' in parsed ? (
          <ul role="alert" className="grid gap-0.5 text-xs text-destructive">
            {parsed.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        ) : null}
        {schema ? <Differences differences={schemaDifferences(saved, schema.fields)} /> : null}
        <DialogFooter>
          <DialogClose asChild>
            <Button variant="outline">{t('action.cancel')}</Button>
          </DialogClose>
          <Button disabled={!schema} onClick={() => schema && onLoad(schema)}>
            {t('schema.load')}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}

function Differences({ differences }: { differences: readonly FieldDifference[] }) {
  const { t } = useTranslation()
  if (differences.length === 0)
    return <p className="text-sm text-muted-foreground">{t('schema.noDifference')}</p>
  return (
    <ul className="max-h-56 divide-y overflow-y-auto rounded-md border" aria-label={t('schema.differences')}>
      {differences.map(({ kind, key, from, options }) => (
        <li key={`${kind}:${key}`} className="grid gap-0.5 px-3 py-1.5">
          <span className="flex items-baseline gap-2 text-sm">
            <span className="w-20 shrink-0 text-xs text-muted-foreground">
              {t(`schema.state.${kind === 'added' ? 'new' : kind}`)}
            </span>
            <code className="text-xs">{from === undefined ? key : `${from} → ${key}`}</code>
          </span>
          {options.map(({ name, before, after }) => (
            <span key={name} className="grid grid-cols-[5rem_1fr] gap-2 text-xs">
              <code className="text-muted-foreground">{name}</code>
              <ValueDiff field={{ type: 'string' }} before={before} after={after} />
            </span>
          ))}
        </li>
      ))}
    </ul>
  )
}
