import { Maximize2Icon, Minimize2Icon, XIcon } from 'lucide-react'
import { Dialog as PanelPrimitive } from 'radix-ui'
import type { KeyboardEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { overlayClass } from '@/ui/dialog.tsx'
import { ResizeHandle } from '@/ui/resizable.tsx'
import { useMedia } from '@/ui/use-media.ts'
import { useStoredState } from '@/ui/use-stored-state.ts'

const MIN_PX = 380
const DEFAULT_PX = 600

interface SidePanelProps {
  title: string
  /** One quiet line below the title. */
  subtitle?: ReactNode
  /** Before the buttons that every panel has. */
  actions?: ReactNode
  isFull: boolean
  /** Without it the panel has no button for it. */
  onFull?: (isFull: boolean) => void
  onClose: () => void
  onKeyDown?: (event: KeyboardEvent) => void
  children: ReactNode
}

/** Slides in from the right over the page; its left edge is dragged, and it may take the whole page. */
export function SidePanel({
  title,
  subtitle,
  actions,
  isFull,
  onFull,
  onClose,
  onKeyDown,
  children,
}: SidePanelProps) {
  const { t } = useTranslation()
  const [widthPx, setWidth] = useStoredState<number>('record.width', DEFAULT_PX)
  const isNarrow = useMedia('(max-width: 639px)')
  const maxPx = Math.max(MIN_PX, innerWidth - 80)
  const isSized = !isFull && !isNarrow
  return (
    <PanelPrimitive.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <PanelPrimitive.Portal>
        <PanelPrimitive.Overlay className={overlayClass} />
        <PanelPrimitive.Content
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          onOpenAutoFocus={focusFirstField}
          style={isSized ? { width: Math.min(widthPx, maxPx) } : undefined}
          className={cn(
            'fixed inset-y-0 right-0 z-50 flex bg-background shadow-xl outline-none data-[state=open]:animate-in data-[state=open]:duration-150 data-[state=open]:slide-in-from-right-8',
            isSized ? '' : 'left-0',
          )}
        >
          {isSized ? (
            <ResizeHandle
              axis="x"
              pane="after"
              sizePx={Math.min(widthPx, maxPx)}
              minPx={MIN_PX}
              maxPx={maxPx}
              label={t('record.resize')}
              onResize={setWidth}
            />
          ) : null}
          <div className="flex min-w-0 flex-1 flex-col">
            <PanelHead
              title={title}
              subtitle={subtitle}
              actions={actions}
              isFull={isFull}
              {...(onFull && !isNarrow && { onFull })}
            />
            {children}
          </div>
        </PanelPrimitive.Content>
      </PanelPrimitive.Portal>
    </PanelPrimitive.Root>
  )
}

type PanelHeadProps = Pick<SidePanelProps, 'title' | 'subtitle' | 'actions' | 'isFull' | 'onFull'>

function PanelHead({ title, subtitle, actions, isFull, onFull }: PanelHeadProps) {
  const { t } = useTranslation()
  return (
    <header className="flex min-h-12 shrink-0 items-center gap-1 border-b px-4 py-1.5">
      <div className="min-w-0 flex-1">
        <PanelPrimitive.Title className="truncate text-base font-semibold">{title}</PanelPrimitive.Title>
        {subtitle ? (
          <div className="flex items-center gap-1.5 truncate text-2xs text-muted-foreground">{subtitle}</div>
        ) : null}
      </div>
      {actions}
      {onFull ? (
        <Button
          variant="ghost"
          size="icon"
          className="text-muted-foreground"
          aria-label={t(isFull ? 'record.collapse' : 'record.expand')}
          title={t(isFull ? 'record.collapse' : 'record.expand')}
          onClick={() => onFull(!isFull)}
        >
          {isFull ? <Minimize2Icon /> : <Maximize2Icon />}
        </Button>
      ) : null}
      <PanelPrimitive.Close asChild>
        <Button variant="ghost" size="icon" className="text-muted-foreground" aria-label={t('action.close')}>
          <XIcon />
        </Button>
      </PanelPrimitive.Close>
    </header>
  )
}

/** A form is there to be typed in: its first field, not the button that closes. */
function focusFirstField(event: Event): void {
  const panel = event.currentTarget as HTMLElement
  const field = panel.querySelector<HTMLElement>('[data-field] :is(input, textarea, button):not(:disabled)')
  event.preventDefault()
  if (field) field.focus()
  else panel.focus()
}
