import type { Field, ModelIndex } from '@m3m/core/client'
import { ArrowDownIcon, ArrowUpIcon, PlusIcon, Trash2Icon, XIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/ui/menu.tsx'

/** Keys of one index (packages/data, models.schema.ts). */
const MOST_KEYS = 8
const MOST_INDEXES = 20
const SYSTEM = ['createdAt', 'updatedAt'] as const

interface IndexesEditorProps {
  indexes: readonly ModelIndex[]
  fields: readonly Field[]
  complaints: ReadonlyMap<number, string>
  isReadOnly: boolean
  onChange: (indexes: ModelIndex[]) => void
}

/** Indexes over several fields, in their order, each rising or falling. */
export function IndexesEditor({ indexes, fields, complaints, isReadOnly, onChange }: IndexesEditorProps) {
  const { t } = useTranslation()
  const keys = [
    ...fields.filter(({ type }) => type !== 'document' && type !== 'text').map(({ key }) => key),
    ...SYSTEM,
  ]
  const set = (at: number, index: ModelIndex) =>
    onChange(indexes.map((other, place) => (place === at ? index : other)))
  return (
    <section className="grid gap-2" aria-label={t('schema.indexes')}>
      <div>
        <h2 className="text-sm font-semibold">{t('schema.indexes')}</h2>
        <p className="text-xs text-muted-foreground">{t('schema.indexesHint')}</p>
      </div>
      <div className="rounded-md border">
        {indexes.map((index, at) => (
          <IndexRow
            key={at}
            index={index}
            number={at + 1}
            keys={keys}
            complaint={complaints.get(at)}
            isReadOnly={isReadOnly}
            onChange={(next) => set(at, next)}
            onRemove={() => onChange(indexes.filter((_, place) => place !== at))}
          />
        ))}
        {isReadOnly ? (
          indexes.length === 0 ? (
            <p className="px-3 py-2 text-sm text-muted-foreground">{t('schema.noIndexes')}</p>
          ) : null
        ) : (
          <KeyMenu
            keys={keys}
            isDisabled={indexes.length >= MOST_INDEXES}
            onChoose={(key) => onChange([...indexes, { keys: [key] }])}
          >
            <Button variant="ghost" className="w-full justify-start rounded-none px-3 text-muted-foreground">
              <PlusIcon /> {t('schema.addIndex')}
            </Button>
          </KeyMenu>
        )}
      </div>
    </section>
  )
}

interface IndexRowProps {
  index: ModelIndex
  number: number
  keys: readonly string[]
  complaint: string | undefined
  isReadOnly: boolean
  onChange: (index: ModelIndex) => void
  onRemove: () => void
}

function IndexRow({ index, number, keys, complaint, isReadOnly, onChange, onRemove }: IndexRowProps) {
  const { t } = useTranslation()
  const used = new Set(index.keys.map(bare))
  const flip = (at: number) =>
    onChange({ ...index, keys: index.keys.map((key, place) => (place === at ? flipped(key) : key)) })
  return (
    <fieldset
      disabled={isReadOnly}
      aria-label={t('schema.indexNumber', { number })}
      className="grid gap-1 border-b px-3 py-1.5"
    >
      <div className="flex min-h-8 flex-wrap items-center gap-1.5">
        {index.keys.map((key, at) => (
          <span key={key} className="inline-flex h-7 items-center rounded-md border pl-2 font-mono text-xs">
            {bare(key)}
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={t(key.startsWith('-') ? 'schema.descending' : 'schema.ascending', {
                key: bare(key),
              })}
              onClick={() => flip(at)}
            >
              {key.startsWith('-') ? <ArrowDownIcon /> : <ArrowUpIcon />}
            </Button>
            {index.keys.length > 1 && !isReadOnly ? (
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={t('record.takeOut', { name: bare(key) })}
                onClick={() => onChange({ ...index, keys: index.keys.filter((_, place) => place !== at) })}
              >
                <XIcon />
              </Button>
            ) : null}
          </span>
        ))}
        {isReadOnly ? null : (
          <KeyMenu
            keys={keys.filter((key) => !used.has(key))}
            isDisabled={index.keys.length >= MOST_KEYS}
            onChoose={(key) => onChange({ ...index, keys: [...index.keys, key] })}
          >
            <Button variant="ghost" size="icon-sm" aria-label={t('schema.addKey')}>
              <PlusIcon />
            </Button>
          </KeyMenu>
        )}
        <label className="ml-auto flex items-center gap-1.5 text-xs text-muted-foreground">
          <Checkbox
            checked={index.unique === true}
            onCheckedChange={(isOn) =>
              onChange(isOn === true ? { ...index, unique: true } : { keys: index.keys })
            }
          />
          {t('schema.option.unique')}
        </label>
        {isReadOnly ? null : (
          <Button
            variant="ghost"
            size="icon"
            className="text-muted-foreground"
            aria-label={t('schema.removeIndex', { number })}
            onClick={onRemove}
          >
            <Trash2Icon />
          </Button>
        )}
      </div>
      {complaint ? (
        <p role="alert" className="text-xs text-destructive">
          {complaint}
        </p>
      ) : null}
    </fieldset>
  )
}

const bare = (key: string): string => key.replace(/^-/, '')
const flipped = (key: string): string => (key.startsWith('-') ? key.slice(1) : `-${key}`)

interface KeyMenuProps {
  keys: readonly string[]
  isDisabled: boolean
  onChoose: (key: string) => void
  children: React.ReactNode
}

function KeyMenu({ keys, isDisabled, onChoose, children }: KeyMenuProps) {
  return (
    <Menu>
      <MenuTrigger asChild disabled={isDisabled || keys.length === 0}>
        {children}
      </MenuTrigger>
      <MenuContent align="start">
        {keys.map((key) => (
          <MenuItem key={key} className="font-mono text-xs" onSelect={() => onChoose(key)}>
            {key}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  )
}
