import { useTranslation } from 'react-i18next'

interface Named {
  name: string
  apiKey?: true | undefined
}

/** How whoever did something is called: a person by name, a program by its key, and `null` is the agent itself. */
export function useActorName(): (actor: Named | null) => string {
  const { t } = useTranslation()
  return (actor) => {
    if (!actor) return t('audit.agent')
    return actor.apiKey ? t('audit.apiKey', { name: actor.name }) : actor.name
  }
}
