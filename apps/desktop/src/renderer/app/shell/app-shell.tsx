import { Outlet, useLocation } from '@tanstack/react-router'
import { MenuIcon, SearchIcon } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { keyNames, Kbd } from '@/ui/kbd.tsx'
import { PageSkeleton } from '@/ui/skeleton.tsx'
import { useShortcut } from '@/ui/use-shortcut.ts'
import { useStoredState } from '@/ui/use-stored-state.ts'
import { ErrorBoundary } from '../errors/error-boundary.tsx'
import { useReach } from '../connection/reach.ts'
import { usePanel } from '../session/panel.tsx'
import { useWatchProjects } from '../project/project-news.ts'
import { useWatchRuns } from '../project/run-state.ts'
import { useNativeCommands } from './native-commands.ts'
import { AlertBell } from './alert-bell.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { Breadcrumb } from './breadcrumb.tsx'
import { ProjectStrip } from './project-strip.tsx'
import { Sidebar } from './sidebar.tsx'
import { SkewBanner } from './skew-banner.tsx'

const CommandPalette = lazy(() =>
  import('./command-palette.tsx').then((m) => ({ default: m.CommandPalette })),
)
const NavigationSheet = lazy(() =>
  import('./navigation-sheet.tsx').then((m) => ({ default: m.NavigationSheet })),
)
const FavouriteStar = lazy(() => import('./favourite-star.tsx').then((m) => ({ default: m.FavouriteStar })))
const UntrustedBanner = lazy(() =>
  import('./untrusted-banner.tsx').then((m) => ({ default: m.UntrustedBanner })),
)
const AgentFrame = lazy(() => import('./agent-frame.tsx').then((m) => ({ default: m.AgentFrame })))
const ShortcutsDialog = lazy(() =>
  import('./shortcuts-dialog.tsx').then((m) => ({ default: m.ShortcutsDialog })),
)

/** What only the app shows is loaded only there. */
const isDesktop = window.m3m !== undefined

type Overlay = 'palette' | 'shortcuts' | 'nav' | null

/** The frame: sidebar, top line, banner, page. */
export function AppShell() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const [overlay, setOverlay] = useState<Overlay>(null)
  const [isFolded, setFolded] = useStoredState<boolean>('sidebar.folded', false)
  const reach = useReach(usePanel().reach)
  const close = () => setOverlay(null)
  useWatchRuns()
  useWatchProjects()
  useShortcut({ keys: 'Mod+K', inFields: true }, () => setOverlay('palette'))
  useShortcut('Mod+B', () => setFolded(!isFolded))
  useShortcut('?', () => setOverlay('shortcuts'))
  useNativeCommands({ search: () => setOverlay('palette'), shortcuts: () => setOverlay('shortcuts') })
  useEffect(() => setOverlay(null), [pathname])

  return (
    <div className="flex h-full min-h-0 overflow-hidden" data-reach={reach}>
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-md focus:border focus:bg-background focus:px-3 focus:py-1"
      >
        {t('shell.skip')}
      </a>
      <div className="hidden shrink-0 min-[900px]:block">
        <Sidebar isFolded={isFolded} onFold={() => setFolded(!isFolded)} />
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        <TopLine onMenu={() => setOverlay('nav')} onSearch={() => setOverlay('palette')} />
        <Suspense>{isDesktop ? <UntrustedBanner /> : null}</Suspense>
        <ConnectionBanner />
        <SkewBanner />
        <main id="page" tabIndex={-1} className="relative min-h-0 flex-1 overflow-y-auto outline-none">
          <ErrorBoundary resetKey={pathname}>
            <Suspense fallback={<PageSkeleton />}>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <Suspense>{isDesktop ? <AgentFrame /> : null}</Suspense>
      <Suspense>
        {overlay === 'nav' ? <NavigationSheet onClose={close} /> : null}
        {overlay === 'palette' ? (
          <CommandPalette onClose={close} onShortcuts={() => setOverlay('shortcuts')} />
        ) : null}
        {overlay === 'shortcuts' ? <ShortcutsDialog onClose={close} /> : null}
      </Suspense>
    </div>
  )
}

function TopLine({ onMenu, onSearch }: { onMenu: () => void; onSearch: () => void }) {
  const { t } = useTranslation()
  return (
    <header className="relative flex h-11 shrink-0 items-center gap-2 border-b px-2 min-[900px]:px-4">
      <Button
        variant="ghost"
        size="icon"
        className="min-[900px]:hidden"
        aria-label={t('shell.openNavigation')}
        onClick={onMenu}
      >
        <MenuIcon />
      </Button>
      <Breadcrumb />
      <Suspense>{isDesktop ? <FavouriteStar /> : null}</Suspense>
      <ProjectStrip />
      <button
        type="button"
        onClick={onSearch}
        aria-label={t('shell.search')}
        aria-keyshortcuts="Control+K Meta+K"
        title={keyNames('Mod+K')}
        className="ml-auto lg:[[data-testid=meters]+&]:ml-1 flex h-7 shrink-0 items-center gap-2 rounded-md border bg-muted/50 px-2 text-xs text-muted-foreground hover:bg-accent lg:w-44"
      >
        <SearchIcon className="size-3.5" />
        <span className="hidden lg:inline">{t('shell.searchHint')}</span>
        <Kbd keys="Mod+K" className="ml-auto hidden lg:inline-flex" />
      </button>
      <AlertBell />
    </header>
  )
}
