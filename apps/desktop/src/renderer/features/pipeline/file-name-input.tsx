import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Input } from '@/ui/input.tsx'
import { nameProblem, type Workspace } from './workspace.ts'

interface FileNameInputProps {
  workspace: Workspace
  /** The path as it is, or the folder of a new file with `/` behind it. */
  initial: string
  onDone: (path: string) => void
  onCancel: () => void
}

/** A path typed in place; `lib/price.js` makes the folder too. Enter takes it, Escape leaves it. */
export function FileNameInput({ workspace, initial, onDone, onCancel }: FileNameInputProps) {
  const { t } = useTranslation()
  const [path, setPath] = useState(initial)
  const field = useRef<HTMLInputElement>(null)
  const typed = path.trim()
  const problem = typed === initial ? null : nameProblem(workspace, typed)
  useEffect(() => {
    const input = field.current
    input?.focus()
    const from = initial.lastIndexOf('/') + 1
    const to = initial.lastIndexOf('.')
    input?.setSelectionRange(from, to > from ? to : initial.length)
  }, [initial])
  const finish = () => {
    if (!typed || typed === initial || typed.endsWith('/')) return onCancel()
    if (problem === null) onDone(typed)
  }
  return (
    <div className="px-1.5 py-0.5">
      <Input
        ref={field}
        value={path}
        onChange={(event) => setPath(event.target.value)}
        aria-label={t('pipeline.fileName')}
        aria-invalid={problem !== null && typed !== ''}
        placeholder="lib/price.js"
        spellCheck={false}
        autoComplete="off"
        className="h-7 px-1.5"
        onBlur={() => (problem === null ? finish() : onCancel())}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Enter') {
            // The editor takes the focus: the key must not reach it as a new line.
            event.preventDefault()
            finish()
          }
          if (event.key === 'Escape') onCancel()
        }}
      />
      {problem && problem !== 'empty' ? (
        <p role="alert" className="px-1 pt-1 text-2xs text-destructive">
          {t(`pipeline.nameProblem.${problem}`)}
        </p>
      ) : null}
    </div>
  )
}
