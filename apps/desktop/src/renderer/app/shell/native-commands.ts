import { useRouter } from '@tanstack/react-router'
import { useEffect, useEffectEvent } from 'react'
import type { PortEvents } from '../../../shared/desktop-port.ts'

/** Desktop only: what a person chooses in the native menu, and where a clicked notification leads. */
export function useNativeCommands(commands: { search: () => void; shortcuts: () => void }): void {
  const router = useRouter()
  const run = useEffectEvent(({ name }: PortEvents['command']) => {
    if (name === 'settings') void router.navigate({ to: '/profile' })
    else commands[name]()
  })
  // A whole address, with what stands behind its question mark.
  const open = useEffectEvent(({ path }: PortEvents['open']) => router.history.push(path))
  useEffect(() => {
    const port = window.m3m
    if (!port) return
    const ends = [port.on('command', run), port.on('open', open)]
    return () => ends.forEach((end) => end())
  }, [])
}
