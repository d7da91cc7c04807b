import { RouterProvider } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setUpToken } from './session/set-up-link.ts'
import { chooseLanguage, storedLanguage } from '@/i18n/index.ts'
import { Toaster } from '@/ui/toaster.tsx'
import { Button } from '@/ui/button.tsx'
import type { Landing } from './connection/open-connection.ts'
import { ErrorBoundary } from './errors/error-boundary.tsx'
import { ErrorState } from './errors/error-state.tsx'
import { router } from './router.tsx'
import { PanelProvider, useMe, useSession } from './session/panel.tsx'
import { setTheme, useTheme } from './theme/theme.ts'

const SignInPage = lazy(() =>
  import('@/features/auth/sign-in-page.tsx').then((m) => ({ default: m.SignInPage })),
)
const SetUpPage = lazy(() =>
  import('@/features/auth/set-up-page.tsx').then((m) => ({ default: m.SetUpPage })),
)
const UntrustedBanner = lazy(() =>
  import('./shell/untrusted-banner.tsx').then((m) => ({ default: m.UntrustedBanner })),
)
const AddAgentPage = lazy(() =>
  import('@/features/agents/add-agent-page.tsx').then((m) => ({ default: m.AddAgentPage })),
)

/** What stands around everything: theme, toasts, and who this page speaks to. */
export function App({ landing }: { landing: Landing }) {
  const theme = useTheme()
  return (
    <ErrorBoundary>
      <Suspense>
        {landing.kind === 'choose' ? (
          <AddAgentPage />
        ) : (
          <PanelProvider connection={landing.connection}>
            <Gate />
          </PanelProvider>
        )}
      </Suspense>
      <Toaster theme={theme} />
    </ErrorBoundary>
  )
}

/** The address stays as it is while somebody signs in: the page they wanted appears behind the form. */
function Gate() {
  const { t } = useTranslation()
  const session = useSession()
  const [link, setLink] = useState(setUpToken)
  if (session.state === 'opening') return null
  if (session.state === 'signed-out')
    return link === null ? <SignInPage /> : <SetUpPage token={link} onLeave={() => setLink(null)} />
  if (session.state === 'signed-in') return <SignedIn />
  return (
    <main className="mx-auto grid max-w-md gap-4 p-6 pt-24">
      <h1 className="text-xl font-semibold">{t('error.agentAway')}</h1>
      {window.m3m ? (
        <div className="overflow-hidden rounded-md border empty:hidden [&>*]:border-b-0">
          <Suspense>
            <UntrustedBanner />
          </Suspense>
        </div>
      ) : null}
      <ErrorState error={session.error} />
      <Button onClick={session.retry}>{t('action.retry')}</Button>
    </main>
  )
}

function SignedIn() {
  const me = useMe()
  const language = me?.language
  const theme = me?.theme
  // The choice of the profile goes with the person to every machine.
  useEffect(() => {
    if (language && language !== storedLanguage()) void chooseLanguage(language)
  }, [language])
  useEffect(() => {
    if (theme) setTheme(theme)
  }, [theme])
  return <RouterProvider router={router} />
}
