import { useMutation, useQueryClient } from '@tanstack/react-query'
import { use, useState, type FormEvent } from 'react'
import { ProjectContext } from '@/app/project/project-context.ts'
import { useTRPC, type Inputs } from '@/app/trpc/trpc.ts'
import { COLORS, type Color } from '@/ui/colors.ts'
import { changesOf, isGoalSlug, type GoalDraft } from './goal-draft.ts'
import { shortSlug, slugInCode, suggestSlug } from './goal-slugs.ts'
import type { Goal } from '@/app/goals/use-goals.ts'

export type GoalForm = ReturnType<typeof useGoalForm>

interface FormOptions {
  goal?: Goal
  isGlobal: boolean
  usable: readonly Goal[]
  onClose: () => void
}

/** The slug of a new goal follows its name until it is typed by hand. */
export function useGoalForm({ goal, isGlobal, usable, onClose }: FormOptions) {
  const project = use(ProjectContext)
  const projectSlug = isGlobal ? null : (project?.slug ?? null)
  const [saved] = useState(() => (goal ? draftOf(goal, projectSlug) : newDraft(usable)))
  const [draft, setDraft] = useState(saved)
  const [type, setType] = useState<Goal['type']>(goal?.type ?? 'counter')
  const [isSlugTyped, setSlugTyped] = useState(goal !== undefined)
  const { create, update } = useSaving(onClose)
  const set = (change: Partial<GoalDraft>) => setDraft({ ...draft, ...change })
  const others = usable.filter((other) => other !== goal)
  const taken = others
    .filter(({ projectId }) => (projectId === null) === isGlobal)
    .map((other) => shortSlug(other.slug, projectSlug))
  const slug = isSlugTyped ? draft.slug.trim() : suggestSlug(draft.name, taken)
  const sent = { ...draft, name: draft.name.trim(), description: draft.description.trim(), slug }
  const isSlugFit = isGoalSlug(slug)
  const whole = { slug: projectSlug === null ? slug : `${projectSlug}-${slug}` }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (goal)
      return update.mutate({ goalId: goal.id, ...changesOf(sent, saved) } as Inputs['goals']['update'])
    const { projects, ...own } = sent
    const place = isGlobal ? { projects: [...projects] } : { projectId: project!.id }
    create.mutate({ ...own, type, ...place })
  }
  return {
    ...draft,
    slug,
    codeSlug: slug && slugInCode(whole, projectSlug, others),
    color: draft.color as Color | null,
    type,
    setType,
    setName: (name: string) => set({ name }),
    setSlug: (next: string) => {
      setSlugTyped(true)
      set({ slug: next })
    },
    setColor: (color: Color | null) => set({ color }),
    setDescription: (description: string) => set({ description }),
    setProjects: (projects: string[]) => set({ projects }),
    isSlugFit,
    isSlugChanged: goal !== undefined && slug !== saved.slug,
    isComplete: sent.name.length > 0 && isSlugFit,
    isPending: create.isPending || update.isPending,
    error: create.error ?? update.error,
    submit,
  }
}

function draftOf({ name, slug, color, description, projects }: Goal, projectSlug: string | null): GoalDraft {
  return { name, slug: shortSlug(slug, projectSlug), color, description, projects }
}

/** In a colour that no goal beside it has, as long as there is one. */
function newDraft(others: readonly Goal[]): GoalDraft {
  const free = COLORS.filter((color) => !others.some((other) => other.color === color))
  const colors = free.length > 0 ? free : COLORS
  const color = colors[Math.floor(Math.random() * colors.length)]!
  return { name: '', slug: '', color, description: '', projects: [] }
}

function useSaving(onClose: () => void) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const options = {
    meta: { showsError: true },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: trpc.goals.pathKey() })
      onClose()
    },
  }
  const create = useMutation(trpc.goals.create.mutationOptions(options))
  const update = useMutation(trpc.goals.update.mutationOptions(options))
  return { create, update }
}
