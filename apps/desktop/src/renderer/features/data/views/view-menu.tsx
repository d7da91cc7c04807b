import type { Model, TableView } from '@m3m/core/client'
import {
  CheckIcon,
  ChevronDownIcon,
  CopyIcon,
  PencilIcon,
  SaveIcon,
  StarIcon,
  Trash2Icon,
} from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/app/project/project-context.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { Menu, MenuContent, MenuItem, MenuLabel, MenuSeparator, MenuTrigger } from '@/ui/menu.tsx'
import type { ViewState } from '../grid/view-state.ts'
import { NameDialog } from './name-dialog.tsx'
import { useViewWrites, type NamedWrite } from './view-writes.ts'

interface ViewMenuProps {
  model: Model
  state: ViewState
}

type Asked = NamedWrite | 'remove'

/** Named views of the table, shared by everyone in the project: which one is shown, and what becomes of changes. */
export function ViewMenu({ model, state }: ViewMenuProps) {
  const { t } = useTranslation()
  const mayWrite = useMay('records:write')
  const { view, views, isChanged } = state
  const [asked, setAsked] = useState<Asked | null>(null)
  const writes = useViewWrites(model, state)
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button variant="outline" className="max-w-52 min-w-0" aria-label={t('views.menu')}>
            <span className="truncate">{view?.name ?? t('views.all')}</span>
            {isChanged ? (
              <span className="size-1.5 shrink-0 rounded-full bg-moving" title={t('views.changed')}>
                <span className="sr-only">{t('views.changed')}</span>
              </span>
            ) : null}
            <ChevronDownIcon className="opacity-60" />
          </Button>
        </MenuTrigger>
        <MenuContent align="start" className="min-w-60">
          <MenuLabel>{t('views.title')}</MenuLabel>
          <ViewItem name={t('views.all')} isChosen={view === null} onChoose={() => state.choose(null)} />
          {views.map((one) => (
            <ViewItem
              key={one.id}
              name={one.name}
              isDefault={one.isDefault}
              isChosen={one.id === view?.id}
              onChoose={() => state.choose(one)}
            />
          ))}
          {isChanged ? (
            <>
              <MenuSeparator />
              <MenuItem onSelect={state.revert}>{t('views.revert')}</MenuItem>
            </>
          ) : null}
          {mayWrite ? (
            <>
              <MenuSeparator />
              {view && isChanged ? (
                <MenuItem onSelect={() => writes.save({ view, ...writes.now() })}>
                  <SaveIcon /> {t('views.save', { name: view.name })}
                </MenuItem>
              ) : null}
              <MenuItem onSelect={() => setAsked('new')}>
                <SaveIcon /> {t('views.saveAs')}
              </MenuItem>
              {view ? <ManageItems view={view} onAsk={setAsked} onDefault={writes.setDefault} /> : null}
            </>
          ) : null}
        </MenuContent>
      </Menu>
      {view && isChanged && mayWrite ? (
        <Button variant="ghost" size="sm" onClick={() => writes.save({ view, ...writes.now() })}>
          {t('views.saveShort')}
        </Button>
      ) : null}
      {asked ? <ViewDialog asked={asked} view={view} writes={writes} onClose={() => setAsked(null)} /> : null}
    </>
  )
}

interface ViewDialogProps {
  asked: Asked
  view: TableView | null
  writes: ReturnType<typeof useViewWrites>
  onClose: () => void
}

/** Asks for what the menu's item needs: a name, or a yes. */
function ViewDialog({ asked, view, writes, onClose }: ViewDialogProps) {
  const { t } = useTranslation()
  if (asked === 'remove')
    return (
      <ConfirmDialog
        open
        onOpenChange={onClose}
        title={t('views.removeTitle', { name: view?.name ?? '' })}
        description={t('views.removeHint')}
        action={t('views.remove')}
        isPending={writes.isPending}
        onConfirm={() => view && writes.remove(view, onClose)}
      />
    )
  const { name = '' } = view ?? {}
  return (
    <NameDialog
      title={t(`views.${asked}Title`)}
      initial={asked === 'new' ? '' : asked === 'rename' ? name : t('views.copyOf', { name })}
      action={t(asked === 'rename' ? 'views.rename' : 'views.create')}
      error={writes.error}
      isPending={writes.isPending}
      onClose={() => {
        writes.reset()
        onClose()
      }}
      onName={(next) => writes.named(asked, next, onClose)}
    />
  )
}

interface ViewItemProps {
  name: string
  isChosen: boolean
  isDefault?: boolean
  onChoose: () => void
}

function ViewItem({ name, isChosen, isDefault = false, onChoose }: ViewItemProps) {
  const { t } = useTranslation()
  return (
    <MenuItem role="menuitemradio" aria-checked={isChosen} onSelect={onChoose}>
      <CheckIcon className={isChosen ? '' : 'invisible'} />
      <span className="min-w-0 flex-1 truncate">{name}</span>
      {isDefault ? <StarIcon aria-label={t('views.default')} className="fill-current" /> : null}
    </MenuItem>
  )
}

interface ManageItemsProps {
  view: TableView
  onAsk: (what: Asked) => void
  onDefault: (view: TableView) => void
}

function ManageItems({ view, onAsk, onDefault }: ManageItemsProps) {
  const { t } = useTranslation()
  return (
    <>
      <MenuItem onSelect={() => onAsk('rename')}>
        <PencilIcon /> {t('views.rename')}
      </MenuItem>
      <MenuItem onSelect={() => onAsk('duplicate')}>
        <CopyIcon /> {t('views.duplicate')}
      </MenuItem>
      <MenuItem onSelect={() => onDefault(view)}>
        <StarIcon /> {t(view.isDefault ? 'views.unsetDefault' : 'views.setDefault')}
      </MenuItem>
      <MenuItem variant="destructive" onSelect={() => onAsk('remove')}>
        <Trash2Icon /> {t('views.remove')}
      </MenuItem>
    </>
  )
}
