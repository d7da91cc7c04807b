import { CheckIcon, ChevronDownIcon, XIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Checkbox, Switch } from '@/ui/checkbox.tsx'
import { cn } from '@/ui/cn.ts'
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from '@/ui/command.tsx'
import { fieldClass } from '@/ui/input.tsx'
import { Popover, PopoverContent, PopoverTrigger } from '@/ui/popover.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { ariaOf, type WidgetProps } from './widget-props.ts'

/** Radix gives no item an empty value. */
const NONE = '\u0000'

const optionsOf = ({ field }: WidgetProps): readonly string[] => field.options ?? []
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

export function BoolSwitch(props: WidgetProps) {
  return (
    <Switch
      {...ariaOf(props)}
      checked={props.value === true}
      onCheckedChange={props.onChange}
      disabled={props.isReadOnly}
    />
  )
}

export function BoolCheckbox(props: WidgetProps) {
  return (
    <Checkbox
      {...ariaOf(props)}
      checked={props.value === true}
      onCheckedChange={(isOn) => props.onChange(isOn === true)}
      disabled={props.isReadOnly}
    />
  )
}

export function SelectOne(props: WidgetProps) {
  const { field, value, onChange, isReadOnly } = props
  return (
    <Select
      value={typeof value === 'string' && value !== '' ? value : NONE}
      onValueChange={(next) => onChange(next === NONE ? null : next)}
      disabled={isReadOnly}
    >
      <SelectTrigger {...ariaOf(props)}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        <NoneItem field={field} />
        {optionsOf(props).map((option) => (
          <SelectItem key={option} value={option}>
            {option}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}

/** What stands for nothing is there for whatever the field is: otherwise the control would show a value it has not. */
function NoneItem({ field }: Pick<WidgetProps, 'field'>) {
  const { t } = useTranslation()
  return (
    <SelectItem value={NONE} disabled={field.required === true} className="text-muted-foreground">
      {t(field.required ? 'record.choose' : 'data.setNull')}
    </SelectItem>
  )
}

/** Buttons beside each other; for bool, too, where `null` is none of both. */
export function RadioChoice(props: WidgetProps) {
  const { t } = useTranslation()
  const { field, value, onChange, isReadOnly } = props
  const choices: { value: unknown; text: string }[] =
    field.type === 'bool'
      ? [
          { value: true, text: t('record.yes') },
          { value: false, text: t('record.no') },
        ]
      : optionsOf(props).map((option) => ({ value: option, text: option }))
  return (
    <div
      role="radiogroup"
      {...ariaOf(props)}
      aria-label={field.label ?? field.key}
      className="flex flex-wrap gap-1.5"
    >
      {choices.map((choice) => (
        <button
          key={choice.text}
          type="button"
          role="radio"
          aria-checked={value === choice.value}
          disabled={isReadOnly}
          onClick={() => onChange(choice.value)}
          className="inline-flex h-8 items-center gap-2 rounded-md border border-input px-2.5 text-sm transition-colors hover:bg-accent disabled:opacity-50 aria-checked:border-foreground aria-checked:bg-accent"
        >
          <span className="grid size-3.5 place-items-center rounded-full border border-input bg-background">
            {value === choice.value ? <span className="size-2 rounded-full bg-foreground" /> : null}
          </span>
          {choice.text}
        </button>
      ))}
    </div>
  )
}

export function CheckboxList(props: WidgetProps) {
  const { value, onChange, isReadOnly, field } = props
  const chosen = listOf(value)
  return (
    <div
      role="group"
      {...ariaOf(props)}
      aria-label={field.label ?? field.key}
      className="flex flex-wrap gap-x-4 gap-y-1.5 py-1"
    >
      {optionsOf(props).map((option) => (
        <label key={option} className="flex items-center gap-1.5">
          <Checkbox
            checked={chosen.includes(option)}
            disabled={isReadOnly}
            aria-label={option}
            onCheckedChange={(isOn) =>
              onChange(
                isOn === true
                  ? inOrder(props, [...chosen, option])
                  : chosen.filter((other) => other !== option),
              )
            }
          />
          {option}
        </label>
      ))}
    </div>
  )
}

/** The order of the options, whatever was ticked first. */
const inOrder = (props: WidgetProps, chosen: readonly string[]): string[] =>
  optionsOf(props).filter((option) => chosen.includes(option))

/** One of many, found by typing. */
export function Combobox(props: WidgetProps) {
  const { t } = useTranslation()
  const { field, value, onChange, isReadOnly } = props
  const [isOpen, setOpen] = useState(false)
  const choose = (next: unknown) => {
    onChange(next)
    setOpen(false)
  }
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <PopoverTrigger
        {...ariaOf(props)}
        role="combobox"
        disabled={isReadOnly}
        className={cn(fieldClass, 'flex h-8 items-center justify-between gap-2 text-left')}
      >
        <span className={cn('truncate', typeof value !== 'string' && 'text-muted-foreground')}>
          {typeof value === 'string' ? value : t(field.required ? 'record.choose' : 'data.setNull')}
        </span>
        <ChevronDownIcon className="size-3.5 shrink-0 opacity-60" />
      </PopoverTrigger>
      <PopoverContent className="w-(--radix-popover-trigger-width) min-w-56 p-0">
        <OptionList
          options={optionsOf(props)}
          chosen={typeof value === 'string' ? [value] : []}
          onChoose={choose}
          {...(!field.required && { onNone: () => choose(null) })}
        />
      </PopoverContent>
    </Popover>
  )
}

interface OptionListProps {
  options: readonly string[]
  chosen: readonly string[]
  onChoose: (option: string) => void
  onNone?: () => void
}

function OptionList({ options, chosen, onChoose, onNone }: OptionListProps) {
  const { t } = useTranslation()
  return (
    <Command>
      <CommandInput placeholder={t('record.findOption')} aria-label={t('record.findOption')} />
      <CommandList className="max-h-64">
        <CommandEmpty>{t('record.noOption')}</CommandEmpty>
        <CommandGroup>
          {onNone ? (
            <CommandItem value={NONE} onSelect={onNone} className="text-muted-foreground">
              {t('data.setNull')}
            </CommandItem>
          ) : null}
          {options.map((option) => (
            <CommandItem key={option} value={option} onSelect={() => onChoose(option)}>
              <span className="min-w-0 flex-1 truncate">{option}</span>
              {chosen.includes(option) ? <CheckIcon /> : null}
            </CommandItem>
          ))}
        </CommandGroup>
      </CommandList>
    </Command>
  )
}

/** Many of many: chips, and a list to find more. */
export function Chips(props: WidgetProps) {
  const { t } = useTranslation()
  const { value, onChange, isReadOnly } = props
  const chosen = listOf(value)
  const toggle = (option: string) =>
    onChange(chosen.includes(option) ? chosen.filter((other) => other !== option) : [...chosen, option])
  return (
    <div className={cn(fieldClass, 'flex min-h-8 flex-wrap items-center gap-1 px-1.5 py-1')}>
      {chosen.map((option) => (
        <span
          key={option}
          className="inline-flex h-6 items-center gap-1 rounded-sm bg-secondary pr-0.5 pl-2 text-xs"
        >
          {option}
          <button
            type="button"
            disabled={isReadOnly}
            aria-label={t('record.takeOut', { name: option })}
            onClick={() => toggle(option)}
            className="rounded-xs p-0.5 text-muted-foreground hover:text-foreground"
          >
            <XIcon className="size-3" />
          </button>
        </span>
      ))}
      <Popover>
        <PopoverTrigger
          {...ariaOf(props)}
          aria-label={t('record.addOption')}
          disabled={isReadOnly}
          className="h-6 rounded-sm px-1.5 text-xs text-muted-foreground hover:text-foreground"
        >
          {t('record.addOption')}
        </PopoverTrigger>
        <PopoverContent className="w-64 p-0">
          <OptionList options={optionsOf(props)} chosen={chosen} onChoose={toggle} />
        </PopoverContent>
      </Popover>
    </div>
  )
}
