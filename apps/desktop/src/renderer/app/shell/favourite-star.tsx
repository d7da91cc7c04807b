import { StarIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { answerOf } from '../connection/desktop.ts'
import { useOwnAgent } from '../connection/use-own-agent.ts'
import { toastError } from '../errors/toast-error.ts'
import { useRouteProject } from './route-project.ts'

/** Desktop only: whether the tray starts and stops this project. */
export function FavouriteStar() {
  const { t } = useTranslation()
  const project = useRouteProject()
  const agent = useOwnAgent()
  if (!project || !agent) return null
  const isOn = agent.favourites.some(({ projectId }) => projectId === project.id)
  const label = t(isOn ? 'agents.favourite.remove' : 'agents.favourite.add')
  const { id: projectId, slug, name } = project
  const toggle = () =>
    void answerOf(window.m3m!.favourites.set({ projectId, slug, name, on: !isOn })).catch(toastError)
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-label={label}
      aria-pressed={isOn}
      title={label}
      className="text-muted-foreground"
      onClick={toggle}
    >
      <StarIcon className={cn(isOn && 'fill-current text-foreground')} />
    </Button>
  )
}
