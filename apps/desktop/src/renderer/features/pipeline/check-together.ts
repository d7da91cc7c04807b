import { useEffect, useRef } from 'react'
import { monaco, setSurroundings } from '@/ui/code/monaco.ts'

/** After the last key: the editor's own marks come after half a second, and all of them blink once when looked at anew. */
const PAUSE_MS = 1_500

interface Checked {
  serviceTypes: string | undefined
  files: readonly { path: string; code: string }[]
  active: string | undefined
  epoch: number
}

/**
 * Looks at all files anew when one that others may import has changed: at once when files come and go and when one
 * goes on to another file, else when the typing rests.
 */
export function useCheckedTogether({ serviceTypes, files, active, epoch }: Checked): void {
  const checked = useRef('')
  const check = () => {
    if (serviceTypes === undefined) return
    const models = monaco.editor.getModels().filter(({ uri }) => uri.scheme === 'file')
    const versions = models.map((model) => `${model.uri.path} ${model.getVersionId()}`)
    const state = [serviceTypes, ...versions].join('\n')
    if (state === checked.current) return
    checked.current = state
    setSurroundings(serviceTypes, models)
  }
  const latest = useRef(check)
  latest.current = check
  const paths = files.map(({ path }) => path).join('\n')
  useEffect(() => latest.current(), [serviceTypes, active, paths, epoch])
  const isAlone = files.length < 2
  useEffect(() => {
    if (isAlone) return
    const timer = setTimeout(() => latest.current(), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [files, isAlone])
}
