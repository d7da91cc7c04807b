import { XIcon } from 'lucide-react'
import { Dialog as SheetPrimitive } from 'radix-ui'
import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { overlayClass } from '@/ui/dialog.tsx'

export const Sheet = SheetPrimitive.Root

interface SheetContentProps extends ComponentProps<typeof SheetPrimitive.Content> {
  side?: 'left' | 'right'
  title: string
  /** The title is read out but not drawn: the content has its own. */
  hideTitle?: boolean
}

/** A panel that slides in from an edge. */
export function SheetContent({
  side = 'right',
  title,
  hideTitle,
  className,
  children,
  ...props
}: SheetContentProps) {
  const { t } = useTranslation()
  return (
    <SheetPrimitive.Portal>
      <SheetPrimitive.Overlay className={overlayClass} />
      <SheetPrimitive.Content
        data-slot="sheet-content"
        aria-describedby={undefined}
        className={cn(
          'fixed inset-y-0 z-50 flex w-full flex-col bg-background shadow-xl outline-none data-[state=open]:animate-in data-[state=open]:duration-150',
          side === 'right'
            ? 'right-0 border-l data-[state=open]:slide-in-from-right-8 sm:max-w-lg'
            : 'left-0 max-w-64 border-r data-[state=open]:slide-in-from-left-8',
          className,
        )}
        {...props}
      >
        <div className={cn('flex h-11 shrink-0 items-center border-b px-4', hideTitle && 'sr-only')}>
          <SheetPrimitive.Title className="truncate text-base font-semibold">{title}</SheetPrimitive.Title>
          <SheetPrimitive.Close
            className="ml-auto rounded-sm text-muted-foreground hover:text-foreground"
            aria-label={t('action.close')}
          >
            <XIcon className="size-4" />
          </SheetPrimitive.Close>
        </div>
        {children}
      </SheetPrimitive.Content>
    </SheetPrimitive.Portal>
  )
}
