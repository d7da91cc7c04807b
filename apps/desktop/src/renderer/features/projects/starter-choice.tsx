import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { cn } from '@/ui/cn.ts'
import { Label } from '@/ui/label.tsx'

export type Starter = Outputs['starters']['list'][number]

/** Its title and summary in the language of the panel. */
export function starterTexts(starter: Starter, language: string): { title: string; summary: string } {
  return (language.startsWith('ru') && starter.ru) || starter
}

interface StarterChoiceProps {
  /** `null`: an empty project. */
  value: string | null
  onChange: (starter: Starter | null) => void
}

/** What a new project begins as: empty, or one of the services the agent brings along. Nothing when it brings none. */
export function StarterChoice({ value, onChange }: StarterChoiceProps) {
  const { t, i18n } = useTranslation()
  const trpc = useTRPC()
  const starters = useQuery(trpc.starters.list.queryOptions(undefined, { staleTime: Infinity })).data ?? []
  if (starters.length === 0) return null
  const empty = { title: t('starters.empty'), summary: t('starters.emptyHint') }
  return (
    <div className="grid content-start gap-1.5">
      <Label asSpan>{t('starters.label')}</Label>
      <div
        role="radiogroup"
        aria-label={t('starters.label')}
        className="grid max-h-44 gap-px overflow-y-auto rounded-md border p-1 sm:max-h-none"
      >
        <Option texts={empty} isOn={value === null} onChoose={() => onChange(null)} />
        {starters.map((starter) => (
          <Option
            key={starter.slug}
            texts={starterTexts(starter, i18n.language)}
            isOn={value === starter.slug}
            onChoose={() => onChange(starter)}
          />
        ))}
      </div>
    </div>
  )
}

interface OptionProps {
  texts: { title: string; summary: string }
  isOn: boolean
  onChoose: () => void
}

function Option({ texts, isOn, onChoose }: OptionProps) {
  return (
    <label
      className={cn(
        'flex cursor-pointer items-start gap-2.5 rounded-sm px-2 py-1.5 hover:bg-accent/60 has-focus-visible:outline-2 has-focus-visible:outline-ring',
        isOn && 'bg-accent hover:bg-accent',
      )}
    >
      <input
        type="radio"
        name="starter"
        checked={isOn}
        onChange={onChoose}
        className="mt-0.5 size-3.5 shrink-0 accent-primary outline-none"
      />
      <span className="grid">
        <span className="text-sm font-medium">{texts.title}</span>
        <span className="text-xs text-muted-foreground">{texts.summary}</span>
      </span>
    </label>
  )
}

/** What comes with the chosen starter, and what is left to its owner. */
export function StarterNotes({ starter }: { starter: Starter }) {
  const { t } = useTranslation()
  const { models, variables, asks } = starter
  const made = [...models.map((slug) => `database.${slug}`), ...variables.map((key) => `env.get('${key}')`)]
  return (
    <div className="grid gap-2 rounded-md bg-muted/60 p-3 text-xs">
      {made.length > 0 ? (
        <p>
          <span className="text-muted-foreground">{t('starters.makes')}</span>{' '}
          <code className="break-words">{made.join(' · ')}</code>
        </p>
      ) : (
        <p className="text-muted-foreground">{t('starters.makesCode')}</p>
      )}
      {asks.length > 0 ? (
        <div className="grid gap-1">
          <p className="text-muted-foreground">{t('starters.asks')}</p>
          <dl className="grid gap-1">
            {asks.map(({ key, ask }) => (
              <div key={key}>
                <dt className="font-mono">{key}</dt>
                <dd className="text-muted-foreground">{ask}</dd>
              </div>
            ))}
          </dl>
        </div>
      ) : null}
    </div>
  )
}
