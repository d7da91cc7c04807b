import { PlusIcon } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Popover, PopoverContent, PopoverTrigger } from '@/ui/popover.tsx'
import { FIELD_KINDS, KIND_ICONS, NESTED_KINDS, type FieldKind } from './type-icons.ts'

/** Adds a field: every kind with what it is for. */
export function AddField({ isNested, onAdd }: { isNested: boolean; onAdd: (kind: FieldKind) => void }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const wasAdded = useRef(false)
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button variant="ghost" className="w-full justify-start rounded-none px-3 text-muted-foreground">
          <PlusIcon /> {t('data.addField')}
        </Button>
      </PopoverTrigger>
      <PopoverContent
        // The key of the new field has the focus by then.
        onCloseAutoFocus={(event) => {
          if (wasAdded.current) event.preventDefault()
          wasAdded.current = false
        }}
        className="max-h-(--radix-popover-content-available-height) w-[min(44rem,calc(100vw-1.5rem))] overflow-y-auto p-1.5"
      >
        <div
          role="group"
          aria-label={t('schema.kinds')}
          className="grid gap-0.5 sm:grid-cols-2 lg:grid-cols-3"
        >
          {(isNested ? NESTED_KINDS : FIELD_KINDS).map((kind) => {
            const Icon = KIND_ICONS[kind]
            return (
              <button
                key={kind}
                type="button"
                onClick={() => {
                  wasAdded.current = true
                  onAdd(kind)
                  setOpen(false)
                }}
                className="flex items-start gap-2.5 rounded-sm p-2 text-left hover:bg-accent focus-visible:bg-accent focus-visible:outline-none"
              >
                <Icon className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
                <span className="grid">
                  <span className="text-sm font-medium">{t(`schema.kind.${kind}`)}</span>
                  <span className="text-xs text-muted-foreground">{t(`schema.kindHint.${kind}`)}</span>
                </span>
              </button>
            )
          })}
        </div>
      </PopoverContent>
    </Popover>
  )
}
