import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <EmptyState
      title={t('notFound.title')}
      action={
        <Button asChild variant="outline">
          <Link to="/projects">{t('notFound.toProjects')}</Link>
        </Button>
      }
    >
      <code>{location.pathname}</code>
    </EmptyState>
  )
}
