import { printFilter, type Model } from '@m3m/core/client'
import { ListFilterIcon, XIcon } from 'lucide-react'
import { lazy, Suspense, useId, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Input } from '@/ui/input.tsx'
import { Popover, PopoverContent, PopoverTrigger } from '@/ui/popover.tsx'
import { checkFilter } from './check-filter.ts'
import { completionsAt, type Completion } from './completions.ts'
import { filterExample } from './filter-example.ts'
import { countConditions } from './filter-tree.ts'

/** Controls of all types come along with the builder. */
const FilterBuilder = lazy(() => import('./filter-builder.tsx').then((m) => ({ default: m.FilterBuilder })))

interface FilterBoxProps {
  model: Model
  models: readonly Model[]
  filter: string
  onFilter: (filter: string) => void
}

/** The filter as text, with completion, beside it the same filter as a builder. Both change one and the same text. */
export function FilterBox({ model, models, filter, onFilter }: FilterBoxProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(filter)
  const [known, setKnown] = useState(filter)
  const [isTold, setTold] = useState(false)
  // Another view, a link, the builder: what they say stands in the box.
  if (known !== filter) {
    setKnown(filter)
    setTyped(filter)
    setTold(false)
  }
  const checked = checkFilter(typed, { model, models, unknown: (names) => t('filter.unknownField', names) })
  /** Answers with the place of what is wrong; `null` when it was applied. */
  const apply = (text: string): number | null => {
    const { problem } = checkFilter(text, { model, models, unknown: () => '' })
    setTold(problem !== null)
    if (!problem) onFilter(text.trim())
    return problem && problem.at
  }
  const conditions = checked.tree ? countConditions(checked.tree) : 0
  return (
    <div className="relative flex min-w-60 flex-1 gap-1 max-sm:order-last max-sm:basis-full">
      <Popover>
        <PopoverTrigger asChild>
          <Button
            variant="outline"
            className="gap-1 px-2"
            aria-label={t('filter.builder')}
            title={t('filter.builder')}
          >
            <ListFilterIcon />
            {conditions > 0 ? <span className="font-mono text-xs tabular">{conditions}</span> : null}
          </Button>
        </PopoverTrigger>
        <PopoverContent
          className="max-h-[70dvh] w-[min(40rem,calc(100vw-1rem))] overflow-y-auto p-3"
          aria-label={t('filter.builder')}
        >
          {checked.tree ? (
            <Suspense>
              <FilterBuilder
                model={model}
                models={models}
                tree={checked.tree}
                onTree={(tree) => apply(printFilter(tree))}
              />
            </Suspense>
          ) : (
            <p className="text-sm text-muted-foreground">{t('filter.mendFirst')}</p>
          )}
        </PopoverContent>
      </Popover>
      <FilterText
        model={model}
        models={models}
        typed={typed}
        onTyped={(next) => {
          setTyped(next)
          if (isTold) setTold(false)
        }}
        onApply={apply}
        problem={isTold ? checked.problem : null}
        isChanged={typed.trim() !== filter}
      />
    </div>
  )
}

interface FilterTextProps {
  model: Model
  models: readonly Model[]
  typed: string
  onTyped: (text: string) => void
  /** Answers with the place of what is wrong. */
  onApply: (text: string) => number | null
  problem: { message: string; at: number } | null
  isChanged: boolean
}

function FilterText({ model, models, typed, onTyped, onApply, problem, isChanged }: FilterTextProps) {
  const { t } = useTranslation()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const list = useCompletions({ model, models, typed, onTyped, input })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    list.close()
    const at = onApply(typed)
    if (at !== null) input.current?.setSelectionRange(at, typed.length)
  }
  return (
    <form onSubmit={submit} className="relative min-w-0 flex-1">
      <Input
        ref={input}
        value={typed}
        role="combobox"
        aria-label={t('data.filterLabel')}
        aria-expanded={list.isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={list.isOpen && list.at >= 0 ? `${id}-${list.at}` : undefined}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        placeholder={t('data.filter', { example: filterExample(model) })}
        spellCheck={false}
        autoComplete="off"
        maxLength={2_000}
        onChange={(event) => {
          onTyped(event.target.value)
          list.open()
        }}
        onKeyDown={list.onKeyDown}
        onBlur={list.close}
        className="pr-8 font-mono text-xs"
      />
      {typed ? (
        <button
          type="button"
          aria-label={t('data.clear')}
          onClick={() => {
            onTyped('')
            onApply('')
          }}
          className="absolute inset-y-0 right-2 text-muted-foreground hover:text-foreground"
        >
          <XIcon className="size-3.5" />
        </button>
      ) : null}
      {list.isOpen ? <CompletionList id={id} {...list} /> : null}
      {problem ? (
        <div
          id={`${id}-problem`}
          role="alert"
          className="absolute top-full left-0 z-40 mt-1 max-w-full rounded-md border border-destructive/40 bg-popover px-2.5 py-1.5 text-xs text-destructive shadow-md"
        >
          <p>{problem.message}</p>
          <Pointer text={typed} at={problem.at} />
        </div>
      ) : isChanged && !list.isOpen ? (
        <span className="pointer-events-none absolute inset-y-0 right-8 flex items-center bg-background pl-1 text-2xs text-muted-foreground">
          {t('filter.pressEnter')}
        </span>
      ) : null}
    </form>
  )
}

/** Characters around the place that are shown with a complaint. */
const AROUND = 24

/** The text around the place, the rest from there on marked. */
function Pointer({ text, at }: { text: string; at: number }) {
  const from = Math.max(0, at - AROUND)
  return (
    <code className="mt-1 block truncate text-2xs text-foreground">
      {from > 0 ? '…' : ''}
      {text.slice(from, at)}
      <mark className="bg-destructive/20 text-destructive underline decoration-wavy">
        {text.slice(at, at + AROUND) || '␣'}
      </mark>
    </code>
  )
}

type List = ReturnType<typeof useCompletions>

function CompletionList({ id, items, at, choose }: { id: string } & Pick<List, 'items' | 'at' | 'choose'>) {
  const { t } = useTranslation()
  return (
    <ul
      id={`${id}-list`}
      role="listbox"
      aria-label={t('filter.completions')}
      className="absolute top-full left-0 z-40 mt-1 max-h-64 min-w-56 overflow-y-auto rounded-md border bg-popover p-1 shadow-md"
    >
      {items.map((item, index) => (
        <li
          key={item.text}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          ref={(element) => {
            if (index === at) element?.scrollIntoView({ block: 'nearest' })
          }}
          // Before the box loses the focus.
          onPointerDown={(event) => {
            event.preventDefault()
            choose(item)
          }}
          className={cn(
            'flex h-7 items-center gap-3 rounded-sm px-2 font-mono text-xs hover:bg-accent',
            index === at && 'bg-accent',
          )}
        >
          <span className="min-w-0 flex-1 truncate">{item.text}</span>
          {item.note ? <span className="font-sans text-2xs text-muted-foreground">{item.note}</span> : null}
        </li>
      ))}
    </ul>
  )
}

interface CompletionsOf extends Pick<FilterTextProps, 'model' | 'models' | 'typed' | 'onTyped'> {
  input: { readonly current: HTMLInputElement | null }
}

/** Arrows and Tab choose; Enter does once an item was reached by an arrow, otherwise it applies the filter. */
function useCompletions({ model, models, typed, onTyped, input }: CompletionsOf) {
  const [isWanted, setWanted] = useState(false)
  const [at, setAt] = useState(-1)
  const caret = input.current?.selectionStart ?? typed.length
  const { from, items } = isWanted
    ? completionsAt(typed.slice(0, caret), model, models)
    : { from: 0, items: [] as Completion[] }
  const isOpen = items.length > 0
  const open = () => {
    setWanted(true)
    setAt(-1)
  }
  const close = () => setWanted(false)
  const choose = ({ text }: Completion) => {
    const before = `${typed.slice(0, from)}${text} `
    // At once: what a fast typist typed before a later frame would get its place moved under it.
    flushSync(() => {
      onTyped(before + typed.slice(caret).trimStart())
      setAt(-1)
    })
    input.current?.setSelectionRange(before.length, before.length)
    input.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' && !isOpen) open()
    else if (event.key === 'ArrowDown') setAt((at + 1) % items.length)
    else if (event.key === 'ArrowUp' && isOpen) setAt((at - 1 + items.length) % items.length)
    else if (event.key === 'Escape' && isOpen) close()
    else if ((event.key === 'Tab' || (event.key === 'Enter' && at >= 0)) && isOpen && !event.shiftKey)
      choose(items[Math.max(at, 0)]!)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return { items, at, isOpen, open, close, choose, onKeyDown }
}
