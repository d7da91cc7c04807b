import type { FilterSyntax, Model } from '@m3m/core/client'
import { FolderPlusIcon, PlusIcon, XIcon } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { filterableFields } from '../grid/columns.ts'
import { fieldAt } from './check-filter.ts'
import { ConditionRow } from './condition-row.tsx'
import {
  asGroup,
  changeAt,
  negated,
  newCondition,
  withoutWaiting,
  type FilterGroup,
  type Path,
} from './filter-tree.ts'

/** Groups inside groups that the builder offers to make; the text may have more. */
const MOST_LEVELS = 3
/** A value that is being typed is not looked for letter by letter. */
const REST_MS = 350

interface FilterBuilderProps {
  model: Model
  models: readonly Model[]
  tree: FilterSyntax
  onTree: (tree: FilterSyntax) => void
}

/** A filter by choosing: conditions and groups of them. It holds the tree that the text was read to. */
export function FilterBuilder({ model, models, tree, onTree }: FilterBuilderProps) {
  const [group, setGroup] = useState(() => asGroup(tree))
  const latest = useRef(onTree)
  latest.current = (next) => onTree(withoutWaiting(next, (name) => fieldAt(name, model, models)))
  const isTouched = useRef(false)
  useEffect(() => {
    if (!isTouched.current) return
    const timer = setTimeout(() => latest.current(group), REST_MS)
    return () => clearTimeout(timer)
  }, [group])
  // Closed at once after a change: the change counts.
  const last = useRef(group)
  last.current = group
  useEffect(() => () => void (isTouched.current && latest.current(last.current)), [])
  const change = (path: Path, next: (node: FilterSyntax) => FilterSyntax | null) => {
    isTouched.current = true
    setGroup((now) => changeAt(now, path, next))
  }
  return <GroupBox group={group} path={[]} model={model} models={models} onChange={change} />
}

export type TreeChange = (path: Path, next: (node: FilterSyntax) => FilterSyntax | null) => void

interface GroupBoxProps {
  group: FilterGroup
  path: Path
  isNegated?: boolean
  model: Model
  models: readonly Model[]
  onChange: TreeChange
}

function GroupBox({ group, path, isNegated = false, model, models, onChange }: GroupBoxProps) {
  const { t } = useTranslation()
  const isRoot = path.length === 0
  const add = (node: FilterSyntax) =>
    onChange(path, (now) => onGroup(now, (inner) => ({ ...inner, nodes: [...inner.nodes, node] })))
  const [first] = filterableFields(model)
  return (
    <div
      role="group"
      aria-label={t(group.kind === 'and' ? 'filter.allOf' : 'filter.anyOf')}
      className={cn('grid gap-2', !isRoot && 'rounded-md border bg-muted/30 p-2')}
    >
      <div className="flex items-center gap-2">
        <KindSwitch
          kind={group.kind}
          onKind={(kind) => onChange(path, (now) => onGroup(now, (inner) => ({ ...inner, kind })))}
        />
        {isRoot ? null : (
          <>
            <Button
              variant={isNegated ? 'secondary' : 'ghost'}
              size="sm"
              aria-pressed={isNegated}
              onClick={() => onChange(path, negated)}
            >
              {t('filter.not')}
            </Button>
            <Button
              variant="ghost"
              size="icon-sm"
              className="ml-auto"
              aria-label={t('filter.removeGroup')}
              onClick={() => onChange(path, () => null)}
            >
              <XIcon />
            </Button>
          </>
        )}
      </div>
      {group.nodes.map((node, index) => (
        <Node
          key={index}
          node={node}
          path={[...path, index]}
          model={model}
          models={models}
          onChange={onChange}
        />
      ))}
      {group.nodes.length === 0 ? <p className="text-xs text-muted-foreground">{t('filter.none')}</p> : null}
      <div className="flex flex-wrap gap-1">
        <Button
          variant="outline"
          size="sm"
          disabled={!first}
          onClick={() => first && add(newCondition(first))}
        >
          <PlusIcon className="size-3.5" /> {t('filter.addCondition')}
        </Button>
        {path.length < MOST_LEVELS ? (
          <Button
            variant="ghost"
            size="sm"
            disabled={!first}
            onClick={() =>
              first &&
              add({
                kind: group.kind === 'and' ? 'or' : 'and',
                nodes: [newCondition(first), newCondition(first)],
              })
            }
          >
            <FolderPlusIcon className="size-3.5" /> {t('filter.addGroup')}
          </Button>
        ) : null}
      </div>
    </div>
  )
}

/** The group of a node that may be negated. */
function onGroup(node: FilterSyntax, change: (group: FilterGroup) => FilterGroup): FilterSyntax {
  return node.kind === 'not' ? { kind: 'not', node: onGroup(node.node, change) } : change(asGroup(node))
}

type NodeProps = Omit<GroupBoxProps, 'group' | 'isNegated'> & { node: FilterSyntax }

function Node({ node, isNegated = false, ...rest }: NodeProps & { isNegated?: boolean }) {
  if (node.kind === 'not') return <Node {...rest} node={node.node} isNegated={!isNegated} />
  if (node.kind === 'condition') return <ConditionRow {...rest} condition={node} isNegated={isNegated} />
  return <GroupBox {...rest} group={node} isNegated={isNegated} />
}

function KindSwitch({ kind, onKind }: { kind: 'and' | 'or'; onKind: (kind: 'and' | 'or') => void }) {
  const { t } = useTranslation()
  return (
    <div role="radiogroup" aria-label={t('filter.kind')} className="inline-flex rounded-md border p-0.5">
      {(['and', 'or'] as const).map((one) => (
        <button
          key={one}
          type="button"
          role="radio"
          aria-checked={kind === one}
          onClick={() => onKind(one)}
          className="h-6 rounded-sm px-2 text-xs text-muted-foreground aria-checked:bg-accent aria-checked:font-medium aria-checked:text-foreground"
        >
          {t(one === 'and' ? 'filter.allOf' : 'filter.anyOf')}
        </button>
      ))}
    </div>
  )
}
