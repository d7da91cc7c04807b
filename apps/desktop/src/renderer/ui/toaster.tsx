import { lazy, Suspense } from 'react'

// sonner is needed after the first thing that happened, not for the first paint.
const load = () => import('sonner')
const Sonner = lazy(() => load().then((m) => ({ default: m.Toaster })))

interface ToastOptions {
  description?: string
  durationMs?: number
  action?: { label: string; onClick: () => void }
}

type Kind = 'success' | 'error' | 'message'

function show(kind: Kind, text: string, { durationMs, ...options }: ToastOptions = {}): void {
  void load().then(({ toast }) =>
    toast[kind](text, { ...options, ...(durationMs !== undefined && { duration: durationMs }) }),
  )
}

/** A short word about something that was done, for what has no place of its own on the page. */
export const toast = {
  success: (text: string, options?: ToastOptions) => show('success', text, options),
  error: (text: string, options?: ToastOptions) => show('error', text, options),
  message: (text: string, options?: ToastOptions) => show('message', text, options),
}

export function Toaster({ theme }: { theme: 'light' | 'dark' | 'system' }) {
  return (
    <Suspense>
      <Sonner
        theme={theme}
        position="bottom-right"
        duration={5_000}
        style={
          {
            '--normal-bg': 'var(--popover)',
            '--normal-text': 'var(--popover-foreground)',
            '--normal-border': 'var(--border)',
            '--border-radius': 'var(--radius)',
            fontFamily: 'var(--font-sans)',
          } as never
        }
        toastOptions={{
          classNames: { toast: 'text-sm! p-3! shadow-md!', description: 'text-muted-foreground!' },
        }}
      />
    </Suspense>
  )
}
