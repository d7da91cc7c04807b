import { Toaster as Sonner } from 'sonner'

export { toast } from 'sonner'

export function Toaster({ theme }: { theme: 'light' | 'dark' | 'system' }) {
  return (
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
  )
}
