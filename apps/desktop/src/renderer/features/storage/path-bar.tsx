import { ChevronRightIcon, PencilIcon } from 'lucide-react'
import { useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Input } from '@/ui/input.tsx'
import { HonestName } from '@/ui/honest-name.tsx'
import { joined } from './entries.ts'

interface PathBarProps {
  path: string
  onGo: (path: string) => void
  /** What is dragged inside of the page was let go over a folder of the path. */
  onDropInto: (path: string) => void
}

/** The folder as steps one can click, drop on, or type. */
export function PathBar({ path, onGo, onDropInto }: PathBarProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string | null>(null)
  if (typed !== null)
    return (
      <form
        className="min-w-0 flex-1"
        onSubmit={(event) => {
          event.preventDefault()
          setTyped(null)
          onGo(typed.trim().replace(/^\/+|\/+$/g, ''))
        }}
      >
        <Input
          aria-label={t('storage.path')}
          value={typed}
          autoFocus
          className="h-7 font-mono text-xs"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => setTyped(null)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setTyped(null)
          }}
        />
      </form>
    )
  const names = path === '' ? [] : path.split('/')
  const steps = names.map((name, index) => ({ name, path: names.slice(0, index + 1).join('/') }))
  return (
    <nav aria-label={t('storage.path')} className="flex min-w-0 flex-1 items-center overflow-x-auto">
      {[{ name: t('storage.root'), path: '' }, ...steps].map((step, index, all) => (
        <span key={step.path} className="flex shrink-0 items-center">
          {index > 0 ? <ChevronRightIcon className="size-3.5 text-muted-foreground" aria-hidden /> : null}
          <Step {...step} isCurrent={index === all.length - 1} onGo={onGo} onDropInto={onDropInto} />
        </span>
      ))}
      <Button
        variant="ghost"
        size="icon-sm"
        className="ml-1 text-muted-foreground"
        aria-label={t('storage.typePath')}
        title={t('storage.typePath')}
        onClick={() => setTyped(joined(path, ''))}
      >
        <PencilIcon />
      </Button>
    </nav>
  )
}

interface StepProps {
  name: string
  path: string
  isCurrent: boolean
  onGo: (path: string) => void
  onDropInto: (path: string) => void
}

function Step({ name, path, isCurrent, onGo, onDropInto }: StepProps) {
  const [isOver, setOver] = useState(false)
  const isOurs = (event: DragEvent) => !isCurrent && event.dataTransfer.types.includes(DRAG_TYPE)
  return (
    <button
      type="button"
      aria-current={isCurrent ? 'page' : undefined}
      onClick={() => onGo(path)}
      onDragOver={(event) => {
        if (!isOurs(event)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false)
        if (!isOurs(event)) return
        event.preventDefault()
        onDropInto(path)
      }}
      className={cn(
        'max-w-48 truncate rounded-sm px-1.5 py-1 text-sm text-muted-foreground hover:bg-accent hover:text-foreground',
        isCurrent && 'font-medium text-foreground',
        isOver && 'bg-accent ring-2 ring-ring',
      )}
    >
      <HonestName name={name} />
    </button>
  )
}

/** Marks a drag that began in the list, so that it is told from files of the desktop. */
export const DRAG_TYPE = 'application/x-m3m-files'
